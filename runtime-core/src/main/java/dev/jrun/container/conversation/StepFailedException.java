// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Errno;
import dev.jrun.program.Source;

/** An instruction of a program failed, and the program did not handle it. The shim awaits its next program. */
public final class StepFailedException extends ContainerException {

    private static final long serialVersionUID = 1;

    private final int errno;

    /** @param step what the instruction is about */
    StepFailedException(Source step, int errno) {
        super(LaunchFailure.describe(step, errno));
        this.errno = errno;
    }

    /** Whether it failed with this error. */
    public boolean is(Errno expected) {
        return errno == expected.number();
    }

    /** What the error means, for who says in words of its own what was to be done. */
    public String reason() {
        return Errno.meaning(errno);
    }
}
