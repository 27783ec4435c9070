// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import dev.jrun.program.Assembler;
import dev.jrun.program.Label;

/**
 * {@code process.apparmorProfile}: the profile that confines the executable from execve(2) on. proc_pid_attr(5),
 * aa_change_onexec(2).
 */
public final class AppArmorProfile {

    private AppArmorProfile() {}

    /** The kernel keeps it for the next execve(2) of this process, across changes of its user. */
    public static void assemble(Assembler asm, ProcessAttributes attributes, Label failed, String profile) {
        asm.source("/process/apparmorProfile", "confine the executable by the AppArmor profile \"" + profile + '"');
        attributes.set("apparmor/exec", "exec " + profile, failed);
    }
}
