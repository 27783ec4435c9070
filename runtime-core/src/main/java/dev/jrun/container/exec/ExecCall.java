// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.launch.Caller;
import dev.jrun.launch.exec.ExecRequest;

/**
 * A process to be executed in a container.
 *
 * @param asked which process
 * @param options what the command line says of other things
 * @param cgroups those below the container's that it is to be in
 * @param whilePaused what is done if the container is paused
 * @param caller how the shim was called
 * @param callerPid the shim's pid in the engine's pid namespace
 * @param warnings where and when warnings are said
 */
public record ExecCall(
        ContainerId id,
        AskedProcess asked,
        ExecRequest.Options options,
        ExecRequest.Ending ending,
        SubCgroups cgroups,
        WhilePaused whilePaused,
        Caller caller,
        long callerPid,
        WarningWriter warnings) {

    /** What is done if the container is paused. */
    public enum WhilePaused {
        REFUSE,
        /** The process waits until the container goes on. */
        WAIT
    }
}
