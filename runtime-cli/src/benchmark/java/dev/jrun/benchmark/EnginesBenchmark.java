// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Compares jrun with runc and crun under Podman, Docker and containerd, on the host and in namespaces of their own, as
 * they are installed and without any variable set. {@code scripts/benchmark-engines} calls it.
 */
final class EnginesBenchmark {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    /** A file that runc makes where a hybrid host has cgroup v2, beside v1; no engine runs crun there. */
    private static final Path HYBRID = Path.of("/sys/fs/cgroup/unified/cgroup.procs");

    private final int rounds;
    private final Path work;
    private final Commands commands;
    private final Clock clock;
    private final List<Subject.Runtime> runtimes;
    private final List<Measurement> measurements = new ArrayList<>();

    private EnginesBenchmark(Arguments arguments) {
        this.rounds = arguments.effort().engineRounds();
        this.work = arguments.work();
        this.commands = new Commands(work, Commands.Engines.AS_EVER);
        this.clock = new Clock(commands, arguments.tools().resolve("time-runs"));
        this.runtimes = Stream.concat(
                        Stream.of(runtime("jrun", arguments.jrun().program())),
                        Stream.of("crun", "runc")
                                .flatMap(name -> Programs.find(name).stream().map(program -> runtime(name, program))))
                .toList();
    }

    private Subject.Runtime runtime(String name, Path program) {
        return new Subject.Runtime(name, program, work.resolve(name));
    }

    public static void main(String[] words) throws IOException {
        Arguments arguments = Arguments.parse(words);
        EnginesBenchmark benchmark = new EnginesBenchmark(arguments);
        Runtime.getRuntime().addShutdownHook(new Thread(benchmark.commands::close));
        try {
            Machine machine = Machine.here();
            benchmark.run();
            arguments
                    .output()
                    .write(EnginesPage.of(benchmark.rounds, machine, benchmark.versions(), benchmark.measurements));
        } catch (BenchmarkException.Interrupted e) {
            // The signal that ends this process is enough.
        } catch (BenchmarkException e) {
            System.err.println("benchmark: " + e.getMessage());
            System.err.print(benchmark.commands.background());
            System.exit(1);
        }
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        for (String program : List.of("podman", "dockerd", "containerd", "crun", "runc")) {
            Programs.find(program)
                    .ifPresent(path -> versions.put(
                            program,
                            commands.run(List.of(path.toString(), "--version"))
                                    .output()
                                    .lines()
                                    .findFirst()
                                    .orElse("")));
        }
        return versions;
    }

    private void run() throws IOException {
        Path busybox = Programs.find("busybox")
                .orElseThrow(() -> new BenchmarkException("there is no busybox to make an image of"));
        Bundle.makeRootFilesystem(work, busybox);
        Path archive = work.resolve("root.tar");
        Path root = work.resolve("rootfs");
        commands.run(List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."))
                .expect(0);
        Path image = makeImage(root);
        for (Place place : List.of(Place.host(), Place.ofItsOwn())) {
            Path directory = Files.createDirectory(work.resolve(place.prefix().isEmpty() ? "host" : "own"));
            List<Subject.Runtime> here = runtimesOf(place);
            for (Client client : List.of(
                    new Client.Podman(directory), new Client.Docker(directory, here), new Client.Ctr(directory))) {
                measure(place, client, here, archive, image);
            }
        }
    }

    private Path makeImage(Path root) {
        if (Programs.find("umoci").isEmpty()) {
            return root;
        }
        String layout = work.resolve("layout").toString();
        Path image = work.resolve("image.tar");
        commands.run(List.of("umoci", "init", "--layout", layout)).expect(0);
        commands.run(List.of("umoci", "new", "--image", layout + ":bb")).expect(0);
        commands.run(List.of("umoci", "insert", "--image", layout + ":bb", root.toString(), "/"))
                .expect(0);
        commands.run(List.of("tar", "-C", layout, "-cf", image.toString(), ".")).expect(0);
        return image;
    }

    private List<Subject.Runtime> runtimesOf(Place place) {
        boolean refuses = place.prefix().isEmpty() && Files.exists(HYBRID);
        return runtimes.stream()
                .filter(runtime -> !refuses || !runtime.name().equals("crun"))
                .toList();
    }

    private void measure(Place place, Client client, List<Subject.Runtime> here, Path archive, Path image) {
        for (String program : client.programs()) {
            if (Programs.find(program).isEmpty()) {
                System.err.println(client.name() + " is left out: " + program + " is not installed");
                return;
            }
        }
        System.err.println(client.name() + " " + place.name());
        Process daemon = null;
        if (!client.daemon().isEmpty()) {
            daemon = commands.start(place.command(client.daemon()));
            awaitAnswer(place, client);
        }
        try {
            commands.run(place.command(client.load(archive, image))).expect(0);
            time(place, client, "run --rm", here, client::run);
            for (Subject.Runtime runtime : here) {
                commands.run(place.command(client.detach(runtime))).expect(0);
            }
            try {
                time(place, client, "exec", here, client::exec);
            } finally {
                here.forEach(runtime -> commands.run(place.command(client.remove(runtime))));
            }
        } finally {
            end(daemon);
        }
    }

    private void awaitAnswer(Place place, Client client) {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (commands.run(place.command(client.probe())).exitCode() != 0) {
            if (System.nanoTime() > deadline) {
                throw new BenchmarkException(client.name() + " does not answer");
            }
        }
    }

    /** One round before the others has everything warm, the engine too. */
    private void time(
            Place place,
            Client client,
            String what,
            List<Subject.Runtime> here,
            Function<Subject.Runtime, List<String>> command) {
        for (Subject.Runtime runtime : here) {
            List<String> first = command.apply(runtime).stream()
                    .map(word -> word.replace("{round}", "first"))
                    .toList();
            commands.run(place.command(first)).expect(0);
        }
        Clock.Times times = clock.time(
                rounds,
                1,
                here.stream()
                        .map(runtime -> new Clock.Turn(runtime.name()).timed(place.command(command.apply(runtime))))
                        .toList());
        String title = client.name() + " " + what + ", " + place.name();
        Measurement measured =
                new Measurement(title.replace(' ', '-'), title, Measurement.Unit.MILLISECONDS, times.elapsed());
        System.out.println(title + ": " + measured.subjects());
        measurements.add(measured);
    }

    private static void end(Process daemon) {
        if (daemon == null) {
            return;
        }
        try {
            // Behind nsenter(1) it is a child.
            Stream.concat(daemon.children(), Stream.of(daemon.toHandle())).forEach(ProcessHandle::destroy);
            daemon.waitFor();
        } catch (InterruptedException e) {
            throw new BenchmarkException.Interrupted();
        }
    }
}
