// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.container.Create;
import dev.jrun.container.Delete;
import dev.jrun.container.Run;
import dev.jrun.container.RunRequest;
import dev.jrun.container.RunRequest.Attachment.Foreground;
import dev.jrun.container.Start;
import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.launch.CreateRequest;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.StateStore;
import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers from Java, without an engine and a command line. */
class ShimProcessIT {

    private static final ContainerId ID = new ContainerId("embedded");

    @TempDir
    Path scratch;

    private final Host host = new Host();

    private static CreateRequest request(ShimProcess shim, Bundle bundle) {
        return new CreateRequest(
                ID,
                BundlePath.of(bundle.path()),
                LaunchRequest.Options.NONE,
                List.of(),
                CgroupDriver.Kind.CGROUPFS,
                shim.caller(),
                shim.pid(),
                EffectiveUser.uid(),
                WarningWriter.STANDARD_ERROR);
    }

    /** As {@code dev.jrun.embedding} does. */
    @Test
    void aProgramCanRunABundle() throws Exception {
        try (TestHost machine = TestHost.claim(scratch)) {
            Bundle bundle = Bundle.bare(scratch.resolve("bundle"))
                    .inCgroup(machine.cgroupsPath("embedded"))
                    .runs("sh", "-c", "exit 7");
            StateStore store = new StateStore(scratch.resolve("state"));
            int code;
            try (ShimProcess shim = ShimProcess.start(TestHost.HOME, ShimProcess.Streams.OWN)) {
                new Run(host, store)
                        .execute(
                                shim,
                                new RunRequest(
                                        request(shim, bundle), new Foreground(Adoption.BY_SHIM, Afterwards.REMOVE)));
                code = shim.awaitExit();
            }
            assertEquals(7, code);
            assertEquals(Set.of(), machine.lastingLeftovers(scratch.resolve("state")));
        }
    }

    @Test
    void eachOperationHasAShimOfItsOwn() throws Exception {
        try (TestHost machine = TestHost.claim(scratch)) {
            Bundle bundle = Bundle.bare(scratch.resolve("bundle"))
                    .inCgroup(machine.cgroupsPath("embedded"))
                    .runs("sleep", "1000");
            StateStore store = new StateStore(scratch.resolve("state"));
            try (ShimProcess shim = ShimProcess.start(TestHost.HOME, ShimProcess.Streams.OWN)) {
                new Create(host, store).execute(shim, request(shim, bundle));
            }
            try (ShimProcess shim = ShimProcess.start(TestHost.HOME, ShimProcess.Streams.OWN)) {
                new Start(host, store, List.of(), Optional.empty()).execute(shim, ID);
                shim.end();
                assertEquals(0, shim.awaitExit());
            }
            try (ShimProcess shim = ShimProcess.start(TestHost.HOME, ShimProcess.Streams.OWN)) {
                new Delete(host, store, List.of()).execute(shim, ID, Delete.Mode.FORCE);
                shim.end();
            }
            assertEquals(Set.of(), machine.lastingLeftovers(scratch.resolve("state")));
        }
    }
}
