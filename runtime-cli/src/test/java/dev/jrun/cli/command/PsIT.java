// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What {@code ps} says of containers, beside runc where it is installed. */
class PsIT extends RealContainers {

    private static final String THREE = "sleep 1000 & sleep 1001 & wait";

    private List<OciRuntime> withRunc() {
        List<OciRuntime> runtimes = new ArrayList<>(List.of(jrun));
        sandbox.installed("runc").ifPresent(runtimes::add);
        return runtimes;
    }

    private String running(OciRuntime runtime, Bundle bundle) {
        String id = sandbox.newId();
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    private static List<Integer> pids(OciRuntime runtime, String id) {
        JsonNode pids = OciRuntime.json(
                runtime.call("ps", "--format", "json", id).succeeds().output());
        return StreamSupport.stream(pids.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    @Test
    void printsAllProcesses() {
        Bundle bundle = sandbox.bundle().runsScript(THREE);
        for (OciRuntime runtime : withRunc()) {
            String id = running(runtime, bundle);
            Eventually.isEqual("processes", 3, () -> pids(runtime, id).size());
            assertTrue(pids(runtime, id).contains(runtime.state(id).get("pid").asInt()));

            List<String> table = runtime.call("ps", id).succeeds().lines();
            assertTrue(table.getFirst().matches("UID +PID +PPID .* CMD"), table::toString);
            assertEquals(4, table.size());
            List<String> chosen =
                    runtime.call("ps", id, "-eo", "ppid,pid").succeeds().lines();
            assertTrue(chosen.getFirst().matches(" *PPID +PID"), chosen::toString);
        }
    }

    @Test
    void optionsOfPsAreNotJruns() {
        Bundle bundle = sandbox.bundle().runsScript(THREE);
        for (OciRuntime runtime : withRunc()) {
            String id = running(runtime, bundle);
            Eventually.isEqual("processes", 3, () -> pids(runtime, id).size());
            List<String> table = runtime.call("ps", "--format=table", id, "-e", "--format", "pid,args")
                    .succeeds()
                    .lines();
            assertEquals("PID COMMAND", table.getFirst().strip());
            List<String> commands = new ArrayList<>(new TreeSet<>(
                    table.stream().map(line -> line.strip().split(" ", 2)[1]).toList()));
            assertEquals(List.of("COMMAND", "sh -c " + THREE, "sleep 1000", "sleep 1001"), commands);
        }
    }

    @Test
    void worksAfterInitHasEnded() {
        Bundle bundle = sandbox.bundle().withoutNamespace("pid").runsScript("sleep 1000 & sleep 1001 & exit 0");
        for (OciRuntime runtime : withRunc()) {
            String id = running(runtime, bundle);
            runtime.awaitStatus(id, "stopped");
            Eventually.isEqual("processes", 2, () -> pids(runtime, id).size());
            runtime.call("kill", "--all", id, "KILL").succeeds();
            Eventually.isEqual("processes", 0, () -> pids(runtime, id).size());
            assertEquals(
                    "null\n", runtime.call("ps", "--format=json", id).succeeds().output());
            assertEquals(1, runtime.call("ps", id).succeeds().lines().size());
            runtime.call("delete", id).succeeds();
        }
    }

    /** Processes choose what ps prints of them: 90 MB here, in an engine that may use 288 MB for everybody. */
    @Test
    void longCommandLinesEndNoEngine() {
        String manyWithLongNames = "mkfifo /dev/f; exec 3<>/dev/f; for i in $(seq 700); do (read x <&3) & done; wait";
        String id = running(jrun, sandbox.bundle().runs("sh", "-c", manyWithLongNames, "x".repeat(130_000)));
        Eventually.isEqual("processes", 701, () -> pids(jrun, id).size());
        String engine = jrun.call("engine", "status").succeeds().output();
        Execution table = jrun.call("ps", id).succeeds();
        assertEquals(702, table.lines().size());
        assertTrue(table.output().length() > 80_000_000, () -> table.output().length() + " characters");
        assertEquals(
                pidOf(engine), pidOf(jrun.call("engine", "status").succeeds().output()));
    }

    private static String pidOf(String status) {
        return status.replaceFirst("(?s).*pid (\\d+).*", "$1");
    }

    @Test
    void errorsSayTheSame() {
        String id = running(jrun, sandbox.bundle().runs("sleep", "1000"));
        jrun.call("ps", "nosuch").failsWith("does not exist");
        jrun.call("ps").failsWith("\"ps\" requires a minimum of 1 argument");
        jrun.call("ps", "--format", "xml", id)
                .failsWith("invalid value for --format: found \"xml\"; allowed: table, json");
        jrun.call("ps", id, "-e", "-o", "comm").failsWith("couldn't find PID field in ps output");
        Execution wrong = jrun.call("ps", id, "--no-such-option");
        wrong.failsWith("exit status 1: ", "unknown gnu long option");
        jrun.behind("env", "PATH=/nowhere:relative")
                .call("ps", id)
                .failsWith("\"ps\": executable file not found in $PATH");
        assertFalse(wrong.errors().contains("PID"));
    }
}
