// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Linux;

/**
 * The namespaces of a running container: of the types that its configuration names, those that its init is in at the
 * moment, since init may have entered others. Entering those that the caller is in too needs no rights.
 */
public sealed interface InitNamespaces permits HeldInitNamespaces, ClassicInitNamespaces {

    /**
     * The best way there is. That setns(2) takes a pidfd cannot be asked for without having something to enter; it came
     * with the same version of Linux as faccessat2(2), and no filter tells one setns from another.
     *
     * @param init the pid of the container's init
     * @param held a pidfd of it, where there is such a thing, from {@link #open} on
     */
    static InitNamespaces of(Assembler asm, Linux linux, long init, Register held, KernelCalls kernel) {
        return kernel.has(NewerCall.PIDFD_OPEN, NewerCall.PIDFD_SEND_SIGNAL, NewerCall.FACCESSAT2)
                ? new HeldInitNamespaces(asm, linux, init, held)
                : new ClassicInitNamespaces(asm, linux, init);
    }

    /** In the shim: finds out which they are. It is still to be made sure that the process is init. */
    void open();

    /** In the shim, when the process that enters them is there: does not keep them alive. */
    void close();

    /**
     * In that process: enters them all, the mount namespace among them. Paths mean something else from then on.
     *
     * @param groups what becomes of the supplementary groups
     */
    void enter(Credentials.Groups groups);
}
