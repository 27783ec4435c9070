// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.KnownContainers;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ConfiguredContainer;
import dev.jrun.launch.PidFile;
import dev.jrun.launch.exec.ExecProgram;
import dev.jrun.launch.exec.ExecProtocol;
import dev.jrun.launch.exec.PreparedExec;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.SessionBrokenException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Plans what is executed and assembles its program, or reuses both if they were made before for the same process in the
 * same, unchanged container ({@link KnownContainers}).
 */
final class Preparation {

    private final Host host;
    private final Path directory;
    private final ConfiguredContainer container;
    private final Optional<Path> pidFile;
    private final Optional<KnownContainers.Key> key;
    private final Optional<PreparedExec> known;
    private final ExecPlan plan;

    /**
     * @param directory of the container
     * @param document what the call names, if it names one
     * @throws ContainerException if the process cannot be executed in the container
     */
    Preparation(Host host, ExecCall call, Path directory, ConfiguredContainer container, Optional<byte[]> document)
            throws ContainerException, SessionBrokenException {
        this.host = host;
        this.directory = directory;
        this.container = container;
        this.pidFile = call.options().pidFile();
        this.key = ExecKey.of(call, document);
        this.known = find();
        this.plan = known.isPresent()
                ? new ExecPlan(host, call, directory, container, known.get().process())
                : understand(host, call, directory, container, document);
    }

    /** What the host has to have for it is asked each time. */
    private Optional<PreparedExec> find() {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<PreparedExec> found = host.known().find(directory, container, key.get());
        return found.isPresent()
                        && host.support().problems(found.get().process()).isEmpty()
                ? found
                : Optional.empty();
    }

    /** The plan of what nothing is known of. */
    static ExecPlan understand(
            Host host, ExecCall call, Path directory, ConfiguredContainer container, Optional<byte[]> document)
            throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toRead(length(container, document))) {
            return new ExecPlan(host, call, directory, container, document);
        }
    }

    /** Of what says what is executed, in bytes. */
    static long length(ConfiguredContainer container, Optional<byte[]> document) {
        return (long) container.config().map(bytes -> bytes.length).orElse(0)
                + document.map(bytes -> bytes.length).orElse(0);
    }

    ExecPlan plan() {
        return plan;
    }

    /** What executes it in the container's cgroup, or in the one below that the call names. */
    ReadyExec inContainer() throws ContainerException {
        if (known.isPresent()) {
            return again(known.get());
        }
        ReadyExec ready = put(plan.place().entry());
        if (key.isPresent() && plan.isTheSameNextTime()) {
            host.known().keep(directory, container, key.get(), ready.prepared());
        }
        return ready;
    }

    /** What executes it where init is, if the container's own cgroup takes no processes. */
    ReadyExec besideInit() throws ContainerException {
        return put(plan.place().entryBesideInit());
    }

    private ReadyExec put(CgroupEntry entry) throws ContainerException {
        ExecProgram exec = plan.program(entry);
        Program program = exec.program();
        ExecProtocol protocol = exec.protocol();
        return new ReadyExec(
                program,
                new PreparedExec(plan.process(), program.encoded(host.machine()), protocol, init(protocol)),
                List.of());
    }

    private OptionalLong init(ExecProtocol protocol) throws ContainerException {
        return protocol.canKnowInit() ? container.kept().init().orElseThrow().pidfdNumber() : OptionalLong.empty();
    }

    private ReadyExec again(PreparedExec prepared) {
        Optional<PidFile.Place> place = prepared.protocol().pidFile();
        List<Patch> name = place.isPresent() ? place.get().patches(pidFile.orElseThrow()) : List.of();
        return new ReadyExec(Program.of(prepared.program(), new Again(plan)), prepared, name);
    }

    /** Has the program put together that was. */
    private record Again(ExecPlan plan) implements Program.Assembly {
        @Override
        public Program assemble() {
            try {
                return plan.program(plan.place().entry()).program();
            } catch (ContainerException e) {
                throw new IllegalStateException("what could be executed before: " + e.getMessage(), e);
            }
        }
    }
}
