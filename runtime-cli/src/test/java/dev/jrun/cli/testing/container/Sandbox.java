// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What a test makes containers in: runtimes with state directories of their own, bundles, and ids that nobody else has.
 */
public final class Sandbox implements AutoCloseable {

    private static final Path JRUN = Path.of(System.getProperty("jrun.home")).resolve("bin/jrun");

    private final Path directory;
    private final HostView view;
    private final String prefix = "jrun-it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    private final AtomicInteger ids = new AtomicInteger();
    private final List<OciRuntime> runtimes = new ArrayList<>();

    Sandbox(Path directory, HostView view) {
        this.directory = directory;
        this.view = view;
    }

    public Path directory() {
        return directory;
    }

    public HostView view() {
        return view;
    }

    OciRuntime jrun() {
        return runtime("jrun", JRUN);
    }

    /** The runtime to compare with, if it is installed. */
    public Optional<OciRuntime> installed(String name) {
        return Programs.find(name).map(path -> runtime(name, path));
    }

    private OciRuntime runtime(String name, Path program) {
        var runtime = new OciRuntime(name, view.prefix(), program, directory.resolve("state-" + name));
        if (!runtimes.contains(runtime)) {
            runtimes.add(runtime);
        }
        return runtime;
    }

    public Bundle bundle() {
        return Bundle.create(directory.resolve("bundle-" + ids.incrementAndGet()));
    }

    public String newId() {
        return prefix + "-" + ids.incrementAndGet();
    }

    /**
     * Runs a container in a cgroup that is named as it is, in the background.
     *
     * @return its id
     */
    public String run(OciRuntime runtime, Bundle bundle) {
        String id = newId();
        bundle.with("/linux/cgroupsPath", "\"/" + id + '"');
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    /** Asserts that nothing is left of any container, unless it is still there by intent: those are removed first. */
    @Override
    public void close() {
        for (OciRuntime runtime : runtimes) {
            for (String id : states(runtime)) {
                runtime.call("delete", "--force", id);
            }
        }
        assertNothingIsLeft();
    }

    /** Asserts that of no container there is a process, a cgroup, a mount or a state. */
    public void assertNothingIsLeft() {
        var leftovers = new Leftovers(prefix, directory, view.cgroups());
        Eventually.isEqual("left behind", List.of(), () -> {
            List<String> found = new ArrayList<>(leftovers.find());
            runtimes.forEach(runtime -> states(runtime).forEach(id -> found.add(runtime.name() + " state of " + id)));
            return found;
        });
    }

    private static List<String> states(OciRuntime runtime) {
        if (!Files.isDirectory(runtime.root())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(runtime.root())) {
            return files.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
