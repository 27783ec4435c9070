// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Sched;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.listing.Signature.Field;
import dev.jrun.program.listing.Signature.Kind;
import dev.jrun.program.listing.Signature.Kind.Choice;
import dev.jrun.program.listing.Signature.Kind.Flags;
import dev.jrun.program.listing.Signature.Kind.Plain;
import dev.jrun.program.listing.Signature.Kind.Structure;
import dev.jrun.program.listing.Signature.Presence;
import java.util.List;

/** The structures that system calls take, as the kernel's headers lay them out: the fields that launch programs set. */
final class Structures {

    static final Structure TIMESPEC = new Structure(
            List.of(always("tv_sec", 0, Width.LONG, Plain.NUMBER), always("tv_nsec", 8, Width.LONG, Plain.NUMBER)));

    static final Structure ITIMERSPEC = new Structure(List.of(
            always("it_interval.tv_sec", 0, Width.LONG, Plain.NUMBER),
            always("it_interval.tv_nsec", 8, Width.LONG, Plain.NUMBER),
            always("it_value.tv_sec", 16, Width.LONG, Plain.NUMBER),
            always("it_value.tv_nsec", 24, Width.LONG, Plain.NUMBER)));

    static final Structure RLIMIT = new Structure(
            List.of(always("rlim_cur", 0, Width.LONG, Plain.LIMIT), always("rlim_max", 8, Width.LONG, Plain.LIMIT)));

    static final Structure SCHED_ATTR = new Structure(List.of(
            always("sched_policy", 4, Width.INT, new Choice(FlagNames.none().with(Sched.class, "SCHED_"))),
            optional("sched_flags", 8, Width.LONG, new Flags(FlagNames.none().with(Sched.class, "SCHED_FLAG_"))),
            optional("sched_nice", 16, Width.INT, Plain.SIGNED),
            optional("sched_priority", 20, Width.INT, Plain.NUMBER),
            optional("sched_runtime", 24, Width.LONG, Plain.NUMBER),
            optional("sched_deadline", 32, Width.LONG, Plain.NUMBER),
            optional("sched_period", 40, Width.LONG, Plain.NUMBER)));

    static final Structure SOCKET_ADDRESS = new Structure(List.of(
            always("sun_family", 0, Width.SHORT, new Choice(FlagSets.FAMILY)),
            always("sun_path", 2, Width.BYTE, Plain.TEXT)));

    static final Structure OPEN_HOW = new Structure(List.of(
            always("flags", 0, Width.LONG, Plain.OPEN_FLAGS),
            optional("mode", 8, Width.LONG, Plain.OCTAL),
            optional("resolve", 16, Width.LONG, new Flags(FlagNames.none().with(OpenFlags.class, "RESOLVE_")))));

    static final Structure MOUNT_ATTR = new Structure(List.of(
            optional("attr_set", 0, Width.LONG, new Flags(FlagSets.ATTRIBUTES)),
            optional("attr_clr", 8, Width.LONG, new Flags(FlagSets.ATTRIBUTES)),
            optional("propagation", 16, Width.LONG, new Flags(FlagSets.MOUNT)),
            optional("userns_fd", 24, Width.LONG, Plain.DESCRIPTOR)));

    static final Structure CLONE_ARGS = new Structure(List.of(
            always("flags", 0, Width.LONG, new Flags(FlagSets.CLONE)),
            optional("pidfd", 8, Width.LONG, Plain.PLACE),
            optional("child_tid", 16, Width.LONG, Plain.PLACE),
            optional("parent_tid", 24, Width.LONG, Plain.PLACE),
            always("exit_signal", 32, Width.LONG, Plain.SIGNAL),
            optional("stack", 40, Width.LONG, Plain.PLACE),
            optional("stack_size", 48, Width.LONG, Plain.NUMBER),
            optional("tls", 56, Width.LONG, Plain.HEX),
            optional("set_tid", 64, Width.LONG, Plain.PLACE),
            optional("set_tid_size", 72, Width.LONG, Plain.NUMBER),
            optional("cgroup", 80, Width.LONG, Plain.DESCRIPTOR)));

    static final Structure POLL = new Structure(List.of(
            always("fd", 0, Width.INT, Plain.DESCRIPTOR),
            always(
                    "events",
                    4,
                    Width.SHORT,
                    new Flags(FlagNames.none()
                            .with("POLLIN", 1)
                            .with("POLLPRI", 2)
                            .with("POLLOUT", 4)
                            .with("POLLERR", 8)
                            .with("POLLHUP", 16)))));

    static final Structure CAPABILITY_HEADER = new Structure(List.of(
            always(
                    "version",
                    0,
                    Width.INT,
                    new Choice(FlagNames.none()
                            .with("_LINUX_CAPABILITY_VERSION_3", Capability.LINUX_CAPABILITY_VERSION_3))),
            always("pid", 4, Width.INT, Plain.ID)));

    static final Structure WINDOW_SIZE = new Structure(
            List.of(always("ws_row", 0, Width.SHORT, Plain.NUMBER), always("ws_col", 2, Width.SHORT, Plain.NUMBER)));

    static final Structure INTERFACE = new Structure(List.of(
            always("ifr_name", 0, Width.BYTE, Plain.TEXT),
            always("ifr_flags", 16, Width.SHORT, new Flags(FlagNames.none().with(SocketFlags.class, "IFF_")))));

    private Structures() {}

    private static Field always(String name, int offset, Width width, Kind kind) {
        return new Field(name, offset, width, kind, Presence.ALWAYS);
    }

    private static Field optional(String name, int offset, Width width, Kind kind) {
        return new Field(name, offset, width, kind, Presence.UNLESS_ZERO);
    }
}
