// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Keyctl;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.Optional;

/**
 * Gives the container a session keyring of its own, so that it does not share its caller's keys. session-keyring(7).
 *
 * <p>It counts for the user that makes it, who may have 200 keys if it is not root of the host
 * ({@code /proc/sys/kernel/keys}). One user may be the root of many containers, so in a user namespace it is made
 * before init becomes that user. keyrings(7).
 *
 * <p>It is joined without a name. By a name that others can guess, whoever is first would be joined: any user may make
 * a keyring and let others search it. keyctl_join_session_keyring(3).
 */
public final class SessionKeyring {

    /** Possessor: all; user: all, as with runc; nobody else: nothing. keyctl_setperm(3). */
    private static final long PERMISSIONS = 0x3f3f0000;

    private final Assembler asm;
    private final Optional<SelinuxLabel> label;

    private SessionKeyring(Assembler asm, Optional<SelinuxLabel> label) {
        this.asm = asm;
        this.label = label;
    }

    /** Where there is no keyctl(2), neither has the container what it takes to read its caller's keys. */
    public static Optional<SessionKeyring> of(Assembler asm, KernelCalls kernel, Optional<SelinuxLabel> label) {
        return kernel.has(NewerCall.KEYCTL) ? Optional.of(new SessionKeyring(asm, label)) : Optional.empty();
    }

    /** Joins it, in a process that has its mount namespace. */
    public void join() {
        if (label.isPresent()) {
            label.get().labelKeys();
        }
        make();
        if (label.isPresent()) {
            label.get().labelKeysNoMore();
        }
    }

    /** Joins it, in a process that is its caller's user and has its caller's files, in whatever user namespace. */
    public void joinAsCaller() {
        if (label.isPresent()) {
            label.get().labelKeysAsCaller();
        }
        make();
        if (label.isPresent()) {
            label.get().labelKeysAsCallerNoMore();
        }
    }

    private void make() {
        try (var _ = asm.scope()) {
            Register keyring = asm.register("keyring");
            asm.source(Source.runtime("join a new session keyring (--no-new-keyring avoids it)"));
            asm.call(Syscall.KEYCTL, value(Keyctl.KEYCTL_JOIN_SESSION_KEYRING), value(0), value(0), value(0), value(0))
                    .into(keyring);
            asm.call(Syscall.KEYCTL, value(Keyctl.KEYCTL_SETPERM), keyring, value(PERMISSIONS), value(0), value(0));
        }
    }
}
