// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import dev.jrun.program.Assembler;
import dev.jrun.program.Label;

/**
 * {@code process.apparmorProfile}: the profile that confines the executable from execve(2) on. proc_pid_attr(5),
 * aa_change_onexec(2).
 */
public final class AppArmorProfile {

    private static final String FILE = "apparmor/exec";

    private AppArmorProfile() {}

    /** The kernel keeps it for the next execve(2) of this process, or of a child of it, across changes of its user. */
    public static void assemble(Assembler asm, ProcessAttributes attributes, Label failed, String profile) {
        explain(asm, profile);
        attributes.set(FILE, command(profile), failed);
    }

    /** Likewise, in a process that has its caller's files. */
    static void assembleAsCaller(Assembler asm, ProcessAttributes attributes, String profile) {
        explain(asm, profile);
        attributes.setThroughHosts(FILE, command(profile));
    }

    private static void explain(Assembler asm, String profile) {
        asm.source("/process/apparmorProfile", "confine the executable by the AppArmor profile \"" + profile + '"');
    }

    private static String command(String profile) {
        return "exec " + profile;
    }
}
