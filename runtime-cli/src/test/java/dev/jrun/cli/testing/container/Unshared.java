// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import dev.jrun.cli.testing.host.HostView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** New namespaces with a process in them that does nothing; unshare(1). */
public record Unshared(Process unshare, long pid) implements AutoCloseable {

    /** @param options of unshare(1), such as {@code --net} */
    public static Unshared open(String... options) {
        return openIn(new HostView.AsIs(), options);
    }

    /** As {@link #open}, where the host is seen like this. */
    public static Unshared openIn(HostView view, String... options) {
        return open(view.prefix(), List.of(options), "echo ready; exec cat");
    }

    /** Their process is a shell, which reaps whoever it adopts. */
    public static Unshared ofShell(List<String> prefix, String... options) {
        return open(prefix, List.of(options), "echo ready; read end");
    }

    /**
     * Their process is a shell that executes a script with these arguments. It says that it is ready, and ends with its
     * standard input.
     */
    public static Unshared executing(List<String> options, String script, String... arguments) {
        return open(List.of(), options, script, arguments);
    }

    private static Unshared open(List<String> prefix, List<String> options, String script, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("unshare", "--fork", "--kill-child"));
        command.addAll(options);
        command.addAll(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(arguments));
        try {
            Process unshare = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!"ready".equals(unshare.inputReader().readLine())) {
                throw new AssertionError(command + " does not work");
            }
            Path children = Path.of("/proc/%d/task/%d/children".formatted(unshare.pid(), unshare.pid()));
            return new Unshared(
                    unshare, Long.parseLong(Files.readString(children).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of one of its namespaces, by its name in /proc/PID/ns. */
    public Path file(String namespace) {
        return Path.of("/proc/" + pid + "/ns/" + namespace);
    }

    /** Maps the ids of its user namespace to those from {@link Bundle#FIRST_ID} on. */
    public Unshared mapped() {
        return mapped(Bundle.FIRST_ID);
    }

    /** Maps 65536 ids of its user namespace to those from {@code first} on. */
    public Unshared mapped(long first) {
        try {
            for (String map : List.of("uid_map", "gid_map")) {
                Files.writeString(Path.of("/proc/" + pid, map), "0 " + first + " 65536");
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What tells a namespace from others, such as {@code net:[4026531840]}. */
    public String identity(String namespace) {
        return identity(file(namespace));
    }

    public static String identity(Path namespace) {
        try {
            return Files.readSymbolicLink(namespace).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            unshare.getOutputStream().close();
            unshare.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
