// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.conversation.LaunchFailure;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.NotExecutableException;
import dev.jrun.container.state.OpenState;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.program.Program;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Finds out what the instructions of a launch program are about, once one has failed. A launch may take as long as its
 * hooks and file systems do, so its plan is not kept meanwhile: it is planned again, from the configuration that is
 * kept beside the state.
 */
final class ReplannedLaunch implements Source.Steps {

    private final Host host;
    private final StateStore store;
    private final CreateRequest request;
    private final LaunchContext site;
    private final Path bundle;
    private final Ending ending;
    private final Map<String, List<DeviceAddress>> addresses;
    private final OpenState state;
    private final int length;
    private final int instructions;

    /**
     * @param site where it was planned
     * @param ending how the launch ends
     * @param addresses of the network devices that are moved
     * @param state of the container, with its configuration
     * @param length of that, in bytes
     * @param instructions how many the launch program has
     */
    ReplannedLaunch(
            Host host,
            StateStore store,
            CreateRequest request,
            LaunchContext site,
            Path bundle,
            Ending ending,
            Map<String, List<DeviceAddress>> addresses,
            OpenState state,
            int length,
            int instructions) {
        this.host = host;
        this.store = store;
        this.request = request;
        this.site = site;
        this.bundle = bundle;
        this.ending = ending;
        this.addresses = addresses;
        this.state = state;
        this.length = length;
        this.instructions = instructions;
    }

    /** What is made of the plan. */
    private interface Use<T> {
        T of(Config config, Source step);
    }

    @Override
    public Source step(long instruction) {
        try {
            return plan(instruction, (_, step) -> step);
        } catch (ContainerException | SessionBrokenException e) {
            return unknown(instruction, e);
        }
    }

    /** The failure of an instruction, in a user's words, and what it would have needed. */
    ContainerException failure(long instruction, long errno, byte[] diagnosis) {
        try {
            return plan(instruction, (config, step) -> failure(config, step, errno, diagnosis));
        } catch (ContainerException | SessionBrokenException e) {
            return new ContainerException(
                    LaunchFailure.describe(unknown(instruction, e).toString(), errno, diagnosis));
        }
    }

    private ContainerException failure(Config config, Source step, long errno, byte[] diagnosis) {
        String message = LaunchFailure.describe(step.toString(), errno, diagnosis)
                + new FailureHint(config, request.callerPid()).of(step, errno);
        return step.pointer().equals(LaunchFailure.EXECUTABLE)
                ? new NotExecutableException(message)
                : new ContainerException(message);
    }

    private <T> T plan(long instruction, Use<T> use) throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toRead(length)) {
            byte[] document = state.readConfig(request.id());
            ConfigCheck.Checked checked =
                    ConfigCheck.check(document, host.support(), request.allowed(), request.cgroups());
            try (var _ = host.memory().toPlan(document, checked.config().config())) {
                LaunchRequest launch = new LaunchPlan(site, store, request, checked).launch(bundle, ending, addresses);
                return use.of(launch.config(), compile(launch).source((int) instruction));
            }
        }
    }

    private Program compile(LaunchRequest launch) throws ContainerException {
        Program again = LaunchPlan.compile(
                        launch, host.machine(), host.knownKernel().orElseThrow())
                .program();
        if (again.instructions().size() != instructions) {
            throw new ContainerException("by now it would be launched otherwise");
        }
        return again;
    }

    private static Source unknown(long instruction, Exception why) {
        return Source.runtime(
                "instruction %d of the launch, of which it cannot be found out any more what it is about (%s)"
                        .formatted(instruction, why.getMessage()));
    }
}
