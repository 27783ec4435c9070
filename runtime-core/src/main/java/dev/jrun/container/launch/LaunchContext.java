// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ProcessSight;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.launch.part.CallerRights;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a launch must know besides the configuration.
 *
 * @param driver who makes the container's cgroup
 * @param callersCgroup the text of the caller's {@code /proc/PID/cgroup}, cgroups(7)
 * @param rights what it may do
 */
public record LaunchContext(CgroupDriver driver, String callersCgroup, CallerRights rights) {

    /**
     * Looks around.
     *
     * @throws ContainerException if the caller has ended, or there is no way to see its cgroups or the host's
     */
    public static LaunchContext of(Host host, long callerPid, CgroupDriver.Kind cgroups) throws ContainerException {
        CgroupDriver driver = host.cgroups().of(cgroups);
        try {
            driver.prepare();
            return new LaunchContext(
                    driver,
                    KernelFile.read(callersCgroup(callerPid)),
                    host.support().callerRights());
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        } catch (IOException e) {
            throw new ContainerException("cannot read the caller's cgroup: " + Failures.describe(e), e);
        }
    }

    /**
     * Where {@code /proc} has other pids than the caller's, this engine is the caller's alone, and still in the cgroup
     * that it was born in.
     */
    private static Path callersCgroup(long pid) throws ContainerException {
        return Path.of(ProcessSight.own().isOurs() ? "/proc/" + pid + "/cgroup" : "/proc/self/cgroup");
    }
}
