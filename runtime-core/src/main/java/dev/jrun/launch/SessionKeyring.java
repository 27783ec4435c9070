// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Keyctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/** Gives the container a session keyring of its own, so that it does not share its caller's keys. session-keyring(7). */
final class SessionKeyring {

    /**
     * Possessor: all; user: all; nobody else: nothing. The user's bits let a process that {@code exec} adds later, which
     * joins by the keyring's name, find it. keyctl_setperm(3).
     */
    private static final long PERMISSIONS = 0x3f3f0000;

    private SessionKeyring() {}

    static void assemble(Assembler asm, String containerId) {
        int mark = asm.registersInUse();
        Register keyring = asm.register("keyring");
        asm.source(Source.runtime("join a new session keyring (--no-new-keyring avoids it)"));
        asm.call(
                        Syscall.KEYCTL,
                        value(Keyctl.KEYCTL_JOIN_SESSION_KEYRING),
                        asm.string("_ses." + containerId),
                        value(0),
                        value(0),
                        value(0))
                .into(keyring);
        asm.call(Syscall.KEYCTL, value(Keyctl.KEYCTL_SETPERM), keyring, value(PERMISSIONS), value(0), value(0));
        asm.release(mark);
    }
}
