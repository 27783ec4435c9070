// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Compares jrun with runc, crun, and the least that a container can cost. {@code scripts/benchmark} calls it with what
 * it needs: root, a view of the system in which cgroup v2 is at /sys/fs/cgroup, and an empty directory to work in.
 */
final class Benchmark {
    private static final String MARKER = "this-came-from-the-container";
    private static final int MARKER_EXIT_CODE = 42;
    private static final int MANY_MOUNTS = 1000;

    /** In milliseconds. */
    private static final int SECOND = 1000;

    private final Effort effort;
    private final Path work;
    private final Commands commands;
    private final Clock clock;
    private final Engine engine;
    private final Containers containers;
    private final Subject.Runtime jrun;
    private final List<Subject.Runtime> runtimes;
    private final Subject.Floor floor;
    private final List<Subject> subjects;
    private final List<Measurement> measurements = new ArrayList<>();

    private Benchmark(Arguments arguments) {
        this.effort = arguments.effort();
        this.work = arguments.work();
        this.commands = new Commands(work, Commands.Engines.COUNTED);
        this.clock = new Clock(commands, arguments.tools().resolve("time-runs"));
        this.containers = new Containers("benchmark-" + ProcessHandle.current().pid() + "-");
        this.jrun = runtime("jrun", arguments.jrun().program());
        this.engine = new Engine(commands, jrun.program());
        this.runtimes = Stream.of(
                        Stream.of(jrun),
                        Stream.of("crun", "runc")
                                .flatMap(name -> Programs.find(name).stream().map(program -> runtime(name, program))),
                        arguments.newer().entrySet().stream().map(newer -> runtime(newer.getKey(), newer.getValue())))
                .flatMap(found -> found)
                .toList();
        this.floor = new Subject.Floor(arguments.tools().resolve("floor"));
        this.subjects =
                Stream.<Subject>concat(runtimes.stream(), Stream.of(floor)).toList();
    }

    private Subject.Runtime runtime(String name, Path program) {
        return new Subject.Runtime(name, program, work.resolve(name));
    }

    public static void main(String[] words) throws IOException {
        Arguments arguments = Arguments.parse(words);
        Benchmark benchmark = new Benchmark(arguments);
        Runtime.getRuntime().addShutdownHook(new Thread(benchmark::cleanUp));
        try {
            Results results = benchmark.run(arguments);
            System.out.println(Table.of(results).toText());
            arguments.output().write(results);
        } catch (BenchmarkException.Interrupted e) {
            // The signal that ends this process is enough.
        } catch (BenchmarkException e) {
            System.err.println("benchmark: " + e.getMessage());
            System.err.print(benchmark.commands.background());
            System.exit(1);
        }
    }

    private void cleanUp() {
        commands.close();
        containers.removeAll(runtimes, work);
    }

    private Results run(Arguments arguments) throws IOException {
        Instant start = Instant.now();
        Machine machine = Machine.here();
        Path busybox = Programs.find("busybox")
                .orElseThrow(() -> new BenchmarkException("there is no busybox to make a root filesystem of"));
        Bundle.makeRootFilesystem(work, busybox);
        Bundle.Devices devices = choose();
        Bundle ends = Bundle.make(work, "true", devices, "/bin/true");
        Bundle stays = Bundle.make(work, "sleep", devices, "/bin/sleep", "100000");

        say("the engine's memory");
        engine.start();
        EngineMemory engineMemory = measureEngineMemory(ends);

        measureRun(ends);
        Map<CapturedConfiguration, Bundle> usual = usual(devices);
        usual.forEach((configuration, bundle) -> measureUsual("", "", configuration, bundle));
        measureMounts(Bundle.make(work, "mounts", devices, MANY_MOUNTS, "/bin/true"));
        measureLifecycles(stays);
        measureTogether(ends);
        measureCreatedMemory(stays);
        for (Subject.Runtime runtime : runtimes) {
            String id = containers.id(runtime, "running");
            commands.run(runtime.create(stays, id, work.resolve("pid"))).expect(0);
            commands.run(runtime.start(id)).expect(0);
        }
        measureState();
        measurePause();
        measureUpdate();
        measureEvents();
        measureExec();
        measureBusy(ends, usual);
        measureProbes(stays);
        measureIdleEngine();
        engine.stop();
        measureCold(ends, arguments.jrun());
        for (Subject.Runtime runtime : runtimes) {
            commands.run(runtime.forceDelete(containers.id(runtime, "running"))).expect(0);
        }

        Map<String, String> versions = new LinkedHashMap<>();
        for (Subject.Runtime runtime : runtimes) {
            String version = commands.run(List.of(runtime.program().toString(), "--version"))
                    .expect(0)
                    .output();
            versions.put(runtime.name(), version.lines().findFirst().orElse(""));
        }
        return new Results(
                start,
                effort,
                machine,
                versions,
                arguments.jrun().cache().isPresent(),
                devices,
                measurements,
                engineMemory);
    }

    /** Shows that every subject can run the bundle; the way in which all can is the one that is measured. */
    private Bundle.Devices choose() throws IOException {
        engine.expectNone();
        BenchmarkException refusal = null;
        for (Bundle.Devices devices : Bundle.Devices.values()) {
            Bundle marker = Bundle.make(
                    work, "marker", devices, "/bin/sh", "-c", "echo " + MARKER + "; exit " + MARKER_EXIT_CODE);
            try {
                for (Subject subject : subjects) {
                    Commands.Result result = commands.run(subject.run(marker, containers.id(subject, "marker")))
                            .expect(MARKER_EXIT_CODE);
                    if (!result.output().contains(MARKER)) {
                        throw new BenchmarkException(subject.name() + " did not run the container: " + result.output());
                    }
                }
                return devices;
            } catch (BenchmarkException e) {
                refusal = e;
                containers.removeAll(runtimes, work);
            }
        }
        throw refusal;
    }

    private EngineMemory measureEngineMemory(Bundle bundle) throws IOException {
        long pid = engine.status().pid();
        List<EngineMemory.Sample> samples = new ArrayList<>();
        samples.add(new EngineMemory.Sample(0, Memory.of(pid)));
        int step = effort.engineRuns() / 10;
        var turn = List.of(warmTurn(jrun).timed(jrun.run(bundle, containers.id(jrun, "1"))));
        for (int runs = step; runs <= effort.engineRuns(); runs += step) {
            Engine.Status before = engine.status();
            clock.time(step, 1, turn);
            engine.expectServed(before, step);
            samples.add(new EngineMemory.Sample(runs, Memory.of(pid)));
        }
        return new EngineMemory(samples);
    }

    private void measureRun(Bundle bundle) {
        measureWarm("run", "run of /bin/true", effort.rounds(), 1, 1, runs(subjects, bundle, "1"));
    }

    /** In the order of measuring. */
    private Map<CapturedConfiguration, Bundle> usual(Bundle.Devices devices) throws IOException {
        Map<CapturedConfiguration, Bundle> bundles = new LinkedHashMap<>();
        for (CapturedConfiguration configuration : CapturedConfiguration.USUAL) {
            bundles.put(configuration, configuration.bundle(work, devices, "/bin/true"));
        }
        return bundles;
    }

    private void measureUsual(String prefix, String where, CapturedConfiguration configuration, Bundle bundle) {
        measureWarm(
                prefix + configuration.name(),
                "run with " + configuration.engine() + " configuration" + where,
                effort.lifecycles(),
                1,
                1,
                runs(runtimes, bundle, "1"));
    }

    /** Of each subject a run of the bundle, in a container of this name. */
    private List<Clock.Turn> runs(List<? extends Subject> subjects, Bundle bundle, String container) {
        return subjects.stream()
                .map(subject -> warmTurn(subject).timed(subject.run(bundle, containers.id(subject, container))))
                .toList();
    }

    /** While every processor has something else to do. */
    private void measureBusy(Bundle ends, Map<CapturedConfiguration, Bundle> usual) {
        String where = ", processors busy";
        try (var _ = new BusyProcessors(commands)) {
            measureWarm("busy-run", "run of /bin/true" + where, effort.lifecycles(), 1, 1, runs(subjects, ends, "1"));
            measureWarm(
                    "busy-exec",
                    "exec of /bin/true" + where,
                    effort.lifecycles(),
                    1,
                    1,
                    execs(List.of(), List.of("/bin/true")));
            CapturedConfiguration first = CapturedConfiguration.USUAL.getFirst();
            measureUsual("busy-", where, first, usual.get(first));
        }
    }

    /** What each of many mounts adds to a run. */
    private void measureMounts(Bundle bundle) {
        Measurement without = measurement("run");
        measureWarm(
                "run-mounts",
                "run with %,d bind mounts".formatted(MANY_MOUNTS),
                effort.roundsOf(10),
                1,
                1,
                runs(runtimes, bundle, "1"));
        Map<String, Samples> added = new LinkedHashMap<>();
        measurement("run-mounts").subjects().forEach((subject, samples) -> {
            double base = without.subjects().get(subject).median();
            added.put(
                    subject,
                    new Samples(samples.sorted().stream()
                            .map(value -> (value - base) * 1000 / MANY_MOUNTS)
                            .toList()));
        });
        measurements.add(new Measurement("mount", "each of these mounts", Measurement.Unit.MICROSECONDS, added));
    }

    private void measureState() {
        for (Subject.Runtime runtime : runtimes) {
            String state = commands.run(runtime.state(containers.id(runtime, "running")))
                    .expect(0)
                    .output();
            if (!state.matches("(?s).*\"status\": *\"running\".*")) {
                throw new BenchmarkException(runtime.name() + " says: " + state);
            }
        }
        measureWarm(
                "state",
                "state of a running container",
                effort.rounds(),
                1,
                1,
                runtimes.stream()
                        .map(runtime -> warmTurn(runtime).timed(runtime.state(containers.id(runtime, "running"))))
                        .toList());
    }

    private void measurePause() {
        measureWarm(
                "pause",
                "pause, resume",
                effort.lifecycles(),
                1,
                2,
                runtimes.stream()
                        .map(runtime -> {
                            String id = containers.id(runtime, "running");
                            return warmTurn(runtime).timed(runtime.pause(id)).timed(runtime.resume(id));
                        })
                        .toList());
    }

    /** Of a limit that each cgroup has, where cgroup v2 has not the controller of processes. */
    private void measureUpdate() throws IOException {
        Path document =
                Files.writeString(work.resolve("limits.json"), "{\"unified\": {\"cgroup.max.depth\": \"100\"}}");
        List<String> ofProcesses = List.of("--pids-limit", "1000");
        boolean processes = commands.run(jrun.update(containers.id(jrun, "running"), ofProcesses))
                        .exitCode()
                == 0;
        List<String> options = processes ? ofProcesses : List.of("--resources", document.toString());
        for (Subject.Runtime runtime : runtimes) {
            commands.run(runtime.update(containers.id(runtime, "running"), options))
                    .expect(0);
        }
        measureWarm(
                "update",
                processes ? "update --pids-limit" : "update --resources, of one limit",
                effort.rounds(),
                1,
                1,
                runtimes.stream()
                        .map(runtime ->
                                warmTurn(runtime).timed(runtime.update(containers.id(runtime, "running"), options)))
                        .toList());
    }

    /** crun has no such command. */
    private void measureEvents() {
        measureWarm(
                "events",
                "events --stats of a running container",
                effort.rounds(),
                1,
                1,
                runtimes.stream()
                        .filter(runtime -> !runtime.name().endsWith("crun"))
                        .map(runtime -> warmTurn(runtime).timed(runtime.events(containers.id(runtime, "running"))))
                        .toList());
    }

    /** As probes call it, the same again and again; with a document that is another each time; and many at once. */
    private void measureExec() throws IOException {
        Path document = writeProcess("process.json", "same");
        for (String directory : List.of("before", "processes")) {
            Files.createDirectories(work.resolve(directory));
            for (int round = 0; round < effort.rounds(); round++) {
                writeProcess(directory + "/" + round + ".json", directory + round);
            }
        }
        List<String> command = List.of("/bin/true");
        List<Clock.Turn> sameCommand = Stream.concat(
                        execs(List.of(), command).stream(),
                        Stream.of(warmTurn(floor).timed(floor.exec(initOfJruns(), command))))
                .toList();
        List<Clock.Turn> sameDocument = execs(List.of("--process", document.toString()), List.of());
        List<Clock.Turn> newDocument = newDocuments("processes");
        measureWarm("exec", "exec of /bin/true", effort.rounds(), 1, 1, sameCommand);
        measureWarm("exec-process", "exec --process", effort.rounds(), 1, 1, sameDocument);
        measureWarm(
                "exec-new-process",
                "exec --process, a new one",
                effort.rounds(),
                1,
                1,
                newDocuments("before"),
                newDocument);
        for (int together : effort.execsTogether()) {
            measureWarm(
                    "exec-" + together,
                    together + " execs at once until all have ended",
                    effort.roundsOf(together),
                    together,
                    1,
                    sameCommand);
        }
    }

    private List<Clock.Turn> newDocuments(String directory) {
        return execs(
                List.of(
                        "--process",
                        work.resolve(directory).resolve("{round}.json").toString()),
                List.of());
    }

    private List<Clock.Turn> execs(List<String> options, List<String> command) {
        return runtimes.stream()
                .map(runtime ->
                        warmTurn(runtime).timed(runtime.exec(containers.id(runtime, "running"), options, command)))
                .toList();
    }

    /**
     * As kubelets probe: each second an exec in each of many containers, one after the other. An engine is there all
     * the time.
     */
    private void measureProbes(Bundle bundle) {
        int probed = effort.probed();
        String title = probed + " containers probed every second: processor time of a second";
        for (Subject.Runtime runtime : runtimes) {
            for (int n = 0; n < probed; n++) {
                String id = containers.id(runtime, "probed-" + n);
                commands.run(runtime.create(bundle, id, work.resolve("pid"))).expect(0);
                commands.run(runtime.start(id)).expect(0);
            }
        }
        List<Clock.Turn> turns = runtimes.stream()
                .map(runtime -> warmTurn(runtime)
                        .spread(
                                SECOND,
                                runtime.exec(containers.id(runtime, "probed-{}"), List.of(), List.of("/bin/true"))))
                .toList();
        say(title);
        Engine.Status status = engine.status();
        measurements.add(new Measurement(
                "probes-processor",
                title,
                Measurement.Unit.MILLISECONDS,
                clock.time(effort.probeSeconds(), probed, turns).processor()));
        engine.expectServed(status, (long) effort.probeSeconds() * probed);
        for (Subject.Runtime runtime : runtimes) {
            for (int n = 0; n < probed; n++) {
                commands.run(runtime.forceDelete(containers.id(runtime, "probed-" + n)))
                        .expect(0);
            }
        }
    }

    private long initOfJruns() {
        String state = commands.run(jrun.state(containers.id(jrun, "running")))
                .expect(0)
                .output();
        return Long.parseLong(state.replaceFirst("(?s).*\"pid\": *([0-9]+).*", "$1"));
    }

    private Path writeProcess(String name, String value) throws IOException {
        return Files.writeString(work.resolve(name), """
                {"args": ["/bin/true"], "cwd": "/", "env": ["PATH=/bin", "N=%s"], "user": {"uid": 0, "gid": 0}}
                """.formatted(value));
    }

    private void measureLifecycles(Bundle bundle) {
        Path pidFile = work.resolve("pid");
        measureWarm(
                "force-delete",
                "create, start, delete -f",
                effort.lifecycles(),
                1,
                3,
                runtimes.stream()
                        .map(runtime -> {
                            String id = containers.id(runtime, "1");
                            return warmTurn(runtime)
                                    .timed(runtime.create(bundle, id, pidFile))
                                    .timed(runtime.start(id))
                                    .timed(runtime.forceDelete(id));
                        })
                        .toList());
        measureWarm(
                "kill-delete",
                "create, start, kill, its end, delete",
                effort.lifecycles(),
                1,
                4,
                runtimes.stream()
                        .map(runtime -> {
                            String id = containers.id(runtime, "1");
                            return warmTurn(runtime)
                                    .timed(runtime.create(bundle, id, pidFile))
                                    .timed(runtime.start(id))
                                    .timed(runtime.kill(id))
                                    .reap()
                                    .timed(runtime.delete(id));
                        })
                        .toList());
    }

    private void measureTogether(Bundle bundle) {
        for (int together : effort.together()) {
            measureWarm(
                    "run-" + together,
                    together + " at once until all have ended",
                    effort.roundsOf(together),
                    together,
                    1,
                    runs(subjects, bundle, "{}"));
        }
    }

    private void measureWarm(String name, String title, int rounds, int together, int calls, List<Clock.Turn> turns) {
        measureWarm(name, title, rounds, together, calls, turns, turns);
    }

    /**
     * @param calls of jrun in a turn of one container
     * @param before what is done some times before anything is measured
     */
    private void measureWarm(
            String name,
            String title,
            int rounds,
            int together,
            int calls,
            List<Clock.Turn> before,
            List<Clock.Turn> turns) {
        say(title);
        clock.time(Math.max(1, rounds / 10), together, before);
        List<Clock.Turn> jruns = before.stream()
                .filter(turn -> turn.subject().equals(jrun.name()))
                .toList();
        clock.time(Math.max(1, effort.callsToWarmUp() / together), together, jruns);
        Engine.Status status = engine.status();
        Clock.Times times = clock.time(rounds, together, turns);
        measurements.add(new Measurement(name, title, Measurement.Unit.MILLISECONDS, times.elapsed()));
        measurements.add(new Measurement(
                name + "-processor", title + ": processor time", Measurement.Unit.MILLISECONDS, times.processor()));
        engine.expectServed(status, (long) rounds * together * calls);
    }

    /** A turn of which the processor time is that of all that works for the subject. */
    private Clock.Turn warmTurn(Subject subject) {
        var turn = new Clock.Turn(subject.name());
        return subject == jrun ? turn.servedBy(engine.status().pid()) : turn;
    }

    private Measurement measurement(String name) {
        return measurements.stream()
                .filter(measurement -> measurement.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The least that a first call can take is a JVM that does nothing. */
    private void measureCold(Bundle bundle, Distribution distribution) {
        Clock.Turn idleJvm = new Clock.Turn(floor.name()).timed(distribution.idleJvm());
        measureColdCall(
                "cold-run",
                "first run, without an engine",
                coldTurns(runtime -> runtime.run(bundle, containers.id(runtime, "1")), idleJvm));
        measureColdCall(
                "cold-state",
                "first state, without an engine",
                coldTurns(runtime -> runtime.state(containers.id(runtime, "running")), idleJvm));
    }

    private List<Clock.Turn> coldTurns(Function<Subject.Runtime, List<String>> call, Clock.Turn idleJvm) {
        return Stream.concat(
                        runtimes.stream().map(runtime -> new Clock.Turn(runtime.name()).timed(call.apply(runtime))),
                        Stream.of(idleJvm))
                .toList();
    }

    private void measureColdCall(String name, String title, List<Clock.Turn> turns) {
        say(title);
        clock.time(2, 1, turns);
        engine.expectNone();
        measurements.add(new Measurement(
                name,
                title,
                Measurement.Unit.MILLISECONDS,
                clock.time(effort.coldRounds(), 1, turns).elapsed()));
        engine.expectNone();
    }

    private void measureCreatedMemory(Bundle bundle) throws IOException {
        say("the memory of a created container");
        Map<String, List<Memory>> memory = new LinkedHashMap<>();
        for (int n = 0; n < effort.created(); n++) {
            for (Subject.Runtime runtime : runtimes) {
                String id = containers.id(runtime, "created");
                Path pidFile = work.resolve("pid");
                Files.deleteIfExists(pidFile);
                commands.run(runtime.create(bundle, id, pidFile)).expect(0);
                long pid = Long.parseLong(Files.readString(pidFile).strip());
                memory.computeIfAbsent(runtime.name(), name -> new ArrayList<>())
                        .add(Memory.of(pid));
                commands.run(runtime.forceDelete(id)).expect(0);
            }
        }
        measurements.add(kilobytes("created-rss", "created container's init, resident", memory, Memory::rss));
        measurements.add(kilobytes("created-pss", "the same, shared pages in proportion", memory, Memory::pss));
    }

    /** What the engine keeps when all of this has come over it, and nothing more does. */
    private void measureIdleEngine() throws IOException {
        say("the memory of an idle engine");
        long pid = engine.status().pid();
        try {
            Thread.sleep(effort.idle());
        } catch (InterruptedException e) {
            throw new BenchmarkException.Interrupted();
        }
        Map<String, List<Memory>> memory = Map.of(jrun.name(), List.of(Memory.of(pid)));
        String title = "engine after the cases above, idle for %d s"
                .formatted(effort.idle().toSeconds());
        measurements.add(kilobytes("idle-engine", title + ", resident", memory, Memory::rss));
        measurements.add(kilobytes("idle-engine-own", "the same, without pages of files", memory, Memory::anonymous));
    }

    private static Measurement kilobytes(
            String name, String title, Map<String, List<Memory>> memory, ToLongFunction<Memory> which) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        memory.forEach((subject, values) -> samples.put(
                subject,
                new Samples(values.stream()
                        .map(value -> (double) which.applyAsLong(value))
                        .toList())));
        return new Measurement(name, title, Measurement.Unit.KILOBYTES, samples);
    }

    private static void say(String what) {
        System.err.println("measuring " + what + " …");
    }
}
