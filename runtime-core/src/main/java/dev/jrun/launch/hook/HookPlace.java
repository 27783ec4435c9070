// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.SignalDispositions;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.file.Path;

/** Where hooks run, and which process waits for them. */
sealed interface HookPlace {

    /** In the process that becomes a hook. */
    void enter(Assembler asm);

    /**
     * The signals that do not disturb the wait for a hook, as ppoll(2) takes them; 0: those that are blocked anyway.
     */
    Operand blockedSignals(Assembler asm);

    /** In the runtime's namespaces; Ctrl-C ends the shim that waits, and with it the hook. */
    record Runtime(Path bundle) implements HookPlace {
        @Override
        public void enter(Assembler asm) {
            enterBundle(asm, bundle);
        }

        @Override
        public Operand blockedSignals(Assembler asm) {
            return InterruptibleWait.blockedSignals(asm);
        }
    }

    /** In the runtime's namespaces, while a container runs that gets the shim's signals when its hooks are done. */
    record BesideRunning(Path bundle) implements HookPlace {
        @Override
        public void enter(Assembler asm) {
            enterBundle(asm, bundle);
        }

        @Override
        public Operand blockedSignals(Assembler asm) {
            return value(0);
        }
    }

    /** In the container's namespaces, while its mount namespace still has the runtime's root. */
    record BeforePivot(Register root) implements HookPlace {

        private static final int UMASK = 0022;

        @Override
        public void enter(Assembler asm) {
            asm.call(Syscall.UMASK, value(UMASK));
            asm.call(Syscall.FCHDIR, root);
            SignalDispositions.reset(asm);
        }

        @Override
        public Operand blockedSignals(Assembler asm) {
            return value(0);
        }
    }

    /** In the container, as its process is about to be, and with the signals that init has set for it. */
    record Inside() implements HookPlace {
        @Override
        public void enter(Assembler asm) {}

        @Override
        public Operand blockedSignals(Assembler asm) {
            return value(0);
        }
    }

    /** As runc does; after the container's end its bundle may be gone. */
    private static void enterBundle(Assembler asm, Path bundle) {
        asm.call(Syscall.CHDIR, asm.string(bundle.toString())).ignoreErrors();
        SignalDispositions.reset(asm);
    }
}
