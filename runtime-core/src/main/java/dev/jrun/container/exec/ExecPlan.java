// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.container.check.CheckedConfig;
import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.check.GrantedCapabilities;
import dev.jrun.container.launch.ConsoleChoice;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.state.ConfiguredContainer;
import dev.jrun.container.state.ContainerDescription;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.kernel.Capability;
import dev.jrun.launch.exec.ExecProgram;
import dev.jrun.launch.exec.ExecRequest;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.terminal.Console;
import dev.jrun.program.ProgramTooLargeException;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Config;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import dev.jrun.spec.reading.ProcessReader;
import dev.jrun.spec.reading.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what is executed in a container. {@link ExecPlace} says where. */
final class ExecPlan {

    private final Host host;
    private final ExecCall call;
    private final Path directory;
    private final ConfiguredContainer files;
    private final ContainerRecord container;
    private final ProcessText text;
    private final List<String> warnings = new ArrayList<>();
    private final Process process;
    private CheckedConfig configured;

    /**
     * @param directory of the container
     * @param document what the call names, if it names one
     * @throws ContainerException if the process cannot be executed in the container
     */
    ExecPlan(Host host, ExecCall call, Path directory, ConfiguredContainer container, Optional<byte[]> document)
            throws ContainerException {
        this.host = host;
        this.call = call;
        this.directory = directory;
        this.files = container;
        this.container = container.kept();
        this.text = ProcessText.of(call.asked(), call.cgroups());
        this.process = granted(process(document));
    }

    /**
     * A plan that was made before, for the same container and the same process.
     *
     * @param process as it was decided then
     */
    ExecPlan(Host host, ExecCall call, Path directory, ConfiguredContainer container, Process process) {
        this.host = host;
        this.call = call;
        this.directory = directory;
        this.files = container;
        this.container = container.kept();
        this.text = ProcessText.of(call.asked(), call.cgroups());
        this.process = process;
    }

    /** What the container was made of, read when somebody wants to know. */
    private CheckedConfig configured() throws ContainerException {
        if (configured == null) {
            configured = host.known().findConfig(directory, files).orElse(null);
        }
        if (configured == null) {
            configured = understand();
            host.known().keepConfig(directory, files, configured);
        }
        return configured;
    }

    private CheckedConfig understand() throws ContainerException {
        byte[] bytes = files.config()
                .orElseThrow(() -> new ContainerException("cannot exec in container " + container.id()
                        + ": it was made by a version of jrun that did not store what exec needs"));
        return ConfigCheck.ofContainer(
                bytes,
                host.support(),
                container.description().annotations().allowed(),
                container.places().driver());
    }

    private Process process(Optional<byte[]> document) throws ContainerException {
        var inContainer = new ProcessInContainer(configured().config().process().orElseThrow());
        return call.asked() instanceof AskedProcess.OnCommandLine asked
                ? inContainer.of(asked)
                : inContainer.of(read(document.orElseThrow()));
    }

    private Process read(byte[] document) throws ContainerException {
        Reading<Process> reading = ProcessReader.read(document);
        List<Problem> problems = new ArrayList<>(reading.problems());
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(text.documentLines(problems));
        }
        for (Problem warning : reading.warnings()) {
            warnings.add(text.documentLine(warning));
        }
        return reading.value().orElseThrow();
    }

    /** Checks what only the host knows, and leaves out capabilities that cannot be given. */
    private Process granted(Process asked) throws ContainerException {
        List<Problem> problems = host.support().problems(asked);
        if (!problems.isEmpty()) {
            throw new UnsupportedException(text.lines(problems));
        }
        List<Problem> left = new ArrayList<>();
        Config config = new GrantedCapabilities(host.support().permittedCapabilities(), left)
                .limit(configured().config().with(asked));
        ConfigCheck.addUnknownCapabilities(left, asked);
        if (!asked.capabilities()
                .equals(configured().config().process().orElseThrow().capabilities())) {
            for (Problem problem : left) {
                addOnce(text.line(problem));
            }
        }
        return config.process().orElseThrow();
    }

    /** An option asks for a capability in several sets. */
    private void addOnce(String warning) {
        if (!warnings.contains(warning)) {
            warnings.add(warning);
        }
    }

    /**
     * Init holds CAP_SYS_ADMIN until it has loaded its filter, which is when it starts: a process beside it that may
     * trace it would have it as well. ptrace(2).
     *
     * @throws ContainerException if this would be one
     */
    void checkSparesWaitingInit() throws ContainerException {
        Process own = configured().config().process().orElseThrow();
        boolean holds = configured().seccomp().isPresent() && !own.noNewPrivileges();
        boolean isSeen =
                configured().config().linux().namespace(Namespace.Type.USER).isEmpty();
        if (holds && isSeen && process.capabilities().map(ExecPlan::canTrace).orElse(false)) {
            throw new ContainerException("cannot exec with CAP_SYS_PTRACE in container " + container.id()
                    + " before it is started: its init has yet to load its seccomp filter");
        }
    }

    private static boolean canTrace(Capabilities capabilities) {
        return Stream.of(capabilities.bounding(), capabilities.permitted(), capabilities.ambient())
                .flatMap(Optional::stream)
                .anyMatch(set -> set.contains(Capability.CAP_SYS_PTRACE.name()));
    }

    /**
     * What will not be as the caller may expect, a line each. Of what the container has anyhow it was told when it was
     * made.
     */
    List<String> warnings() {
        return warnings;
    }

    /**
     * Whether nothing of it was to be told to the caller, who would be told again, and it has no terminal, which is
     * each caller's own.
     */
    boolean isTheSameNextTime() {
        return warnings.isEmpty() && !process.terminal();
    }

    ContainerRecord container() {
        return container;
    }

    Process process() {
        return process;
    }

    ProcessText text() {
        return text;
    }

    /** The container's configuration with this process instead of its own. */
    Config config() throws ContainerException {
        return configured().config().with(process);
    }

    /** Where it is executed. */
    ExecPlace place() {
        return new ExecPlace(host, container, call.cgroups());
    }

    /**
     * The program that executes it.
     *
     * @param entry where
     * @throws ContainerException if it would be larger than a shim takes
     */
    ExecProgram program(CgroupEntry entry) throws ContainerException {
        var request = new ExecRequest(
                subject(),
                container.init().orElseThrow().pid(),
                process,
                configured().config().linux(),
                entry,
                call.options(),
                call.ending(),
                container.description().callersKeyring() ? ExecRequest.Keyring.CALLERS : ExecRequest.Keyring.OWN,
                configured().seccomp(),
                container.description().listener(),
                host.support().callerRights(),
                console(),
                call.warnings().onSuccess(warnings));
        try {
            return new ExecProgram(request, host.machine(), host.knownKernel().orElseThrow());
        } catch (ProgramTooLargeException e) {
            throw new ContainerException("the process needs a launch program of " + e.getMessage(), e);
        }
    }

    private Optional<Console> console() throws ContainerException {
        Optional<Path> socket = call.options().consoleSocket();
        return call.ending() == ExecRequest.Ending.DETACHED
                ? ConsoleChoice.detached(process, socket)
                : ConsoleChoice.attached(process, socket, call.caller().terminals());
    }

    /** The container as the agent of its seccomp filter is told of it. */
    private StateSubject subject() throws ContainerException {
        ContainerDescription description = container.description();
        return new StateSubject(
                description.ociVersion(),
                description.id().text(),
                description.bundle(),
                configured().config().annotations(),
                description.hooks());
    }
}
