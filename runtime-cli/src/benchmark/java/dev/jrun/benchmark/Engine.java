// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The engine that serves jrun's warm calls. */
final class Engine {
    private static final int TRIES = 500;

    private final Commands commands;
    private final String jrun;

    Engine(Commands commands, Path jrun) {
        this.commands = commands;
        this.jrun = jrun.toString();
    }

    /** @param calls how many it has served; asking is one */
    record Status(long pid, long calls) {}

    void start() {
        expectNone();
        Process process = commands.start(List.of(jrun, "engine", "serve"));
        for (int n = 0; n < TRIES; n++) {
            if (!process.isAlive()) {
                throw new BenchmarkException("jrun engine serve has ended with exit code " + process.exitValue());
            }
            if (isRunning()) {
                return;
            }
        }
        throw new BenchmarkException("jrun engine serve does not listen");
    }

    void stop() {
        long pid = status().pid();
        commands.run(List.of(jrun, "engine", "stop")).expect(0);
        ProcessHandle.of(pid).ifPresent(engine -> {
            try {
                engine.onExit().get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new BenchmarkException("the engine does not stop");
            }
        });
        expectNone();
    }

    /** Makes sure that the calls that come are cold. */
    void expectNone() {
        if (isRunning()) {
            throw new BenchmarkException("an engine is running that was to be none");
        }
    }

    private boolean isRunning() {
        return commands.run(List.of(jrun, "engine", "status")).exitCode() == 0;
    }

    Status status() {
        String json = commands.run(List.of(jrun, "engine", "status", "--format", "json"))
                .expect(0)
                .output();
        return new Status(number(json, "pid"), number(json, "calls"));
    }

    /**
     * Makes sure that an engine served all calls since.
     *
     * @param calls how many there were
     */
    void expectServed(Status before, long calls) {
        Status now = status();
        long served = now.calls() - before.calls() - 1;
        if (now.pid() != before.pid() || served != calls) {
            throw new BenchmarkException("the engine served %d of %d calls".formatted(served, calls));
        }
    }

    private static long number(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\": *([0-9]+)").matcher(json);
        if (!matcher.find()) {
            throw new BenchmarkException("jrun engine status says no " + name + ": " + json);
        }
        return Long.parseLong(matcher.group(1));
    }
}
