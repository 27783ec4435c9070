// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.kernel.call.LinuxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The namespace of each type that the system started with, namespaces(7). It never ends. */
enum InitialNamespace {
    USER("user", 0xEFFFFFFDL),
    PID("pid", 0xEFFFFFFCL),
    UTS("uts", 0xEFFFFFFEL),
    IPC("ipc", 0xEFFFFFFFL),
    CGROUP("cgroup", 0xEFFFFFFBL),
    TIME("time", 0xEFFFFFFAL),
    NET("net", 0xEFFFFFF9L),
    MNT("mnt", 0xEFFFFFF8L);

    private final String link;

    /** Its inode number, include/uapi/linux/nsfs.h. Those of mnt and net are constant since Linux 6.18. */
    private final long constant;

    InitialNamespace(String name, long constant) {
        this.link = "ns/" + name;
        this.constant = constant;
    }

    /** The namespaces of this process that are none of these, or perhaps none. The shim has looked, too (company.c). */
    static List<Place> others() throws IOException {
        List<Place> others = new ArrayList<>();
        for (InitialNamespace initial : values()) {
            Optional<Path> own = initial.own();
            if (own.isPresent() && !initial.is(own.get())) {
                others.add(new Namespace(initial.link, own.get().toString()));
            }
        }
        return others;
    }

    /** Whether this process is in it. */
    boolean isOwn() throws IOException {
        Optional<Path> own = own();
        return own.isEmpty() || is(own.get());
    }

    /**
     * What the link of this process says, such as {@code mnt:[4026531832]}; empty if this kernel has no such
     * namespaces.
     */
    private Optional<Path> own() throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/self", link)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private boolean is(Path own) {
        return number(own) == constant
                || !hasLongBeenConstant() && thatOfProcess1().equals(Optional.of(own));
    }

    private boolean hasLongBeenConstant() {
        return this != NET && this != MNT;
    }

    /** Empty if process 1 has more rights than this one, so that it may not be looked into. */
    private Optional<Path> thatOfProcess1() {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/1", link)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long number(Path link) {
        String text = link.toString();
        return Long.parseLong(text.substring(text.indexOf('[') + 1, text.indexOf(']')));
    }

    /**
     * @param link in a process's directory
     * @param text what it says
     */
    private record Namespace(String link, String text) implements Place {
        @Override
        public boolean has(int pid) throws IOException {
            return LinuxCalls.readLink("/proc/" + pid + "/" + link).equals(text);
        }
    }
}
