// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The distribution's {@code jrun}, as a shell calls it. */
public record Jrun(Path root, Path scratch) {

    /** What came of a call. */
    public record Result(int code, String output) {}

    /** A call under way. */
    public record Running(Process process, Path output) {
        /** Waits for its end, which has to come. */
        public Result await() throws IOException, InterruptedException {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("a call hangs: " + process.info() + ": " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        }
    }

    public Running start(String... words) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(TestHost.HOME.resolve("bin/jrun").toString(), "--root", root.toString()));
        command.addAll(List.of(words));
        Path output = Files.createTempFile(scratch, "output", "");
        ProcessBuilder call = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // Where the tests run in namespaces of their own, no engine would stay by itself.
        call.environment().put("JRUN_ENGINE_IDLE", "60");
        return new Running(call.start(), output);
    }

    public Result call(String... words) throws IOException, InterruptedException {
        return start(words).await();
    }

    /** The pid of the engine that serves; 0 if there is none. */
    public long engine() throws IOException, InterruptedException {
        String status = call("engine", "status").output();
        String digits = status.replaceAll("(?s).*pid (\\d+).*", "$1");
        return digits.matches("\\d+") ? Long.parseLong(digits) : 0;
    }

    public void stopEngine() throws IOException, InterruptedException {
        call("engine", "stop");
    }
}
