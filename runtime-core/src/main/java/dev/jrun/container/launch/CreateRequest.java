// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.Caller;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.spec.Annotation;
import java.util.List;

/**
 * A container to make.
 *
 * @param options what the command line says
 * @param allowed which annotations the caller lets have an effect that have none otherwise
 * @param cgroups who makes its cgroup
 * @param caller how the shim was called
 * @param callerPid the shim's pid in the engine's pid namespace
 * @param callerUid the shim's effective user id
 * @param warnings where and when warnings are said
 */
public record CreateRequest(
        ContainerId id,
        BundlePath bundle,
        LaunchRequest.Options options,
        List<Annotation> allowed,
        CgroupDriver.Kind cgroups,
        Caller caller,
        long callerPid,
        int callerUid,
        WarningWriter warnings) {}
