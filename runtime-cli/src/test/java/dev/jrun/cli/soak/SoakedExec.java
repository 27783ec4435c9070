// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of many execs: what its process prints and how it ends tells it from all others. */
final class SoakedExec {

    private static final Path NO_INPUT = Path.of("/dev/null");

    /** How it is executed. */
    enum Kind {
        FOREGROUND,
        /** In the foreground, for longer than it takes until the next engine is killed. */
        LASTING,
        DETACHED
    }

    private final int number;
    private final Kind kind;
    private final OciRuntime jrun;
    private final String id;
    private final Path pidFile;
    private long begin;
    private long end;
    private Execution result;

    /** @param directory for its pid file */
    SoakedExec(int number, Kind kind, OciRuntime jrun, String id, Path directory) {
        this.number = number;
        this.kind = kind;
        this.jrun = jrun;
        this.id = id;
        this.pidFile = directory.resolve("pid-" + number);
    }

    SoakedExec make() {
        begin = System.nanoTime();
        result = jrun.start(NO_INPUT, words()).await();
        end = System.nanoTime();
        return this;
    }

    private String[] words() {
        List<String> words = new ArrayList<>(List.of("exec", "--pid-file", pidFile.toString()));
        if (kind == Kind.DETACHED) {
            words.add("--detach");
        }
        String lasts = kind == Kind.LASTING ? "sleep 1.5; " : "";
        words.addAll(List.of(id, "sh", "-c", lasts + "echo " + said() + "; exit " + code()));
        return words.toArray(String[]::new);
    }

    private String said() {
        return "this is " + number;
    }

    /** None of jrun's own. */
    private int code() {
        return 2 + number % 200;
    }

    /** Whether it was under way at a moment between these, in nanoseconds. */
    boolean isUnderWay(long from, long to) {
        return begin <= to && from <= end;
    }

    boolean hasBeenMade() {
        return result.code() == (kind == Kind.DETACHED ? 0 : code());
    }

    /** Its output and exit code are its process's, and its pid file is there. */
    void checkMade() {
        assertTrue(hasBeenMade(), this::toString);
        assertEquals("", result.errors(), this::toString);
        if (kind != Kind.DETACHED) {
            assertEquals(said() + "\n", result.output(), this::toString);
        }
        assertTrue(text(pidFile).matches("\\d+"), this::toString);
        pidFile.toFile().delete();
    }

    /**
     * Only a detached one, while its engine looks whether the process executes: it says so, the process has been ended,
     * and there is no pid file.
     */
    void checkLost() {
        assertEquals(Kind.DETACHED, kind, this::toString);
        assertEquals(255, result.code(), this::toString);
        assertEquals("jrun: exec failed: the engine ended unexpectedly\n", result.errors(), this::toString);
        assertFalse(Files.exists(pidFile), this::toString);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "exec " + number + ", " + kind + ": " + result;
    }
}
