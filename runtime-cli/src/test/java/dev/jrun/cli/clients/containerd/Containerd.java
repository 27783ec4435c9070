// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A containerd on a machine, with images of busybox. */
final class Containerd implements AutoCloseable {

    /** Its containers run a shell if nobody says. */
    static final String IMAGE = "localhost/busybox:latest";

    private static final long LIMIT_SECONDS = 30;

    private final Machine machine;
    private final Path directory;
    private final Path settings;
    private final Runtime.Version version;
    private Process daemon;

    /** What writes settings to a directory for a version. */
    private interface Writer {
        Path write(Path directory, int version) throws IOException;
    }

    private Containerd(Machine machine, Path directory, Writer writer) throws IOException {
        this.machine = machine;
        this.directory = Files.createDirectories(directory);
        String printed = Execution.of(machine.command("containerd", "--version"))
                .succeeds()
                .output();
        this.version =
                Runtime.Version.parse(printed.replaceFirst("(?s)^\\S+ \\S+ v?([0-9]+(?:\\.[1-9][0-9]*)?)\\D.*", "$1"));
        this.settings = writer.write(directory, version.feature());
    }

    /** @param directory for all that is its own */
    static Containerd start(Machine machine, Path directory) {
        return start(machine, directory, ContainerdSettings::write);
    }

    /** One that has systemd make the cgroups of pods; otherwise as {@link #start}. */
    static Containerd startWithSystemd(Machine machine, Path directory) {
        return start(machine, directory, ContainerdSettings::writeForSystemd);
    }

    private static Containerd start(Machine machine, Path directory, Writer writer) {
        try {
            var containerd = new Containerd(machine, directory, writer);
            containerd.start();
            return containerd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it, again. */
    void start() {
        try {
            daemon = launch();
            Eventually.isTrue("containerd answers", () -> ctr("version").code() == 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            throw new AssertionError(logged(), e);
        }
    }

    private Process launch() throws IOException {
        // nsenter(1) forks, so that its pid is not the daemon's; and that may be of another pid namespace.
        return machine.command(
                        "sh",
                        "-c",
                        "echo $$ > \"$1\"; exec containerd --config \"$2\"",
                        "sh",
                        pidFile(),
                        settings.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private String pidFile() {
        return directory.resolve("pid").toString();
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String logged() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path socket() {
        return directory.resolve("socket");
    }

    /** @param other such as 1.7 */
    boolean isAtLeast(String other) {
        return version.compareTo(Runtime.Version.parse(other)) >= 0;
    }

    /** Has it know the images, in {@code namespace}. */
    void importImages(String namespace) {
        importImage(namespace, IMAGE, "sh");
        // Reaps what is left to it where a pod shares its pid namespace.
        importImage(
                namespace,
                ContainerdSettings.PAUSE_IMAGE,
                "sh",
                "-c",
                "trap exit TERM; while :; do sleep 1000 & wait; done");
    }

    private void importImage(String namespace, String name, String... command) {
        try {
            Path archive = BusyboxImage.archive(Files.createTempDirectory(directory, "image"), command);
            ctr("--namespace", namespace, "image", "import", "--index-name", name, archive.toString())
                    .succeeds();
            ctr("--namespace", namespace, "image", "label", name, "io.cri-containerd.image=managed")
                    .succeeds();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What calls ctr(8). */
    ProcessBuilder command(String... arguments) {
        List<String> words = new ArrayList<>(List.of("ctr", "--address", socket().toString()));
        words.addAll(List.of(arguments));
        return machine.command(words);
    }

    private Execution ctr(String... arguments) {
        return Execution.of(command(arguments));
    }

    /** A file of the network namespace that it is in. */
    Path networkNamespace() {
        return Path.of("/proc/" + daemon.pid() + "/ns/net");
    }

    /** Makes a directory of the machine a mount that propagates to others. */
    void sharedMount(Path path) {
        Execution.of(machine.command(
                        "sh", "-ec", "mount --bind \"$1\" \"$1\"; mount --make-shared \"$1\"", "sh", "" + path))
                .succeeds();
    }

    /** Ends it, with containers as they are. */
    void stop() {
        try {
            Execution.of(machine.command("sh", "-c", "kill $(cat \"$1\")", "sh", pidFile()))
                    .succeeds();
            assertTrue(daemon.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "containerd ends");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
