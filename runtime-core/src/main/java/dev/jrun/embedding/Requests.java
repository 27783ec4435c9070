// SPDX-License-Identifier: Apache-2.0
package dev.jrun.embedding;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.exec.AskedProcess;
import dev.jrun.container.exec.ExecCall;
import dev.jrun.container.exec.SubCgroups;
import dev.jrun.container.launch.CreateRequest;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.exec.ExecRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is asked of operations for a program that says the least. */
final class Requests {

    private Requests() {}

    /** A container of the bundle in that directory. */
    static CreateRequest create(ShimProcess shim, ContainerId id, Path bundle) {
        return new CreateRequest(
                id,
                BundlePath.of(bundle.toString()),
                LaunchRequest.Options.NONE,
                List.of(),
                CgroupDriver.Kind.CGROUPFS,
                shim.caller(),
                shim.pid(),
                EffectiveUser.uid(),
                WarningWriter.STANDARD_ERROR);
    }

    /** A process that is as the first one but for its arguments. */
    static ExecCall exec(ShimProcess shim, ContainerId id, List<String> arguments) {
        var process = new AskedProcess.OnCommandLine(
                arguments,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                false,
                false,
                Optional.empty(),
                Optional.empty());
        return new ExecCall(
                id,
                process,
                ExecRequest.Options.NONE,
                ExecRequest.Ending.SUPERVISED,
                SubCgroups.NONE,
                ExecCall.WhilePaused.REFUSE,
                shim.caller(),
                shim.pid(),
                WarningWriter.STANDARD_ERROR);
    }
}
