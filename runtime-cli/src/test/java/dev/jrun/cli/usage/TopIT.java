// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.terminal.Screen;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** top. */
class TopIT extends RealContainers {

    private static final Path NOTHING = Path.of("/dev/null");

    private String start(Bundle bundle) {
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    private String startSleeping() {
        return start(sandbox.bundle().runs("sleep", "1000"));
    }

    private String startBusy() {
        return start(sandbox.bundle().runsScript("while :; do :; done"));
    }

    @Test
    void allContainersThatRunAreShownBusiestFirst() {
        String idle = startSleeping();
        String busy = startBusy();
        String stopped = startSleeping();
        jrun.call("kill", stopped, "KILL").succeeds();
        jrun.awaitStatus(stopped, "stopped");
        jrun.call("pause", idle).succeeds();

        List<String> lines = jrun.call("top", "--no-stream").succeeds().lines();
        assertEquals(3, lines.size(), lines::toString);
        assertTrue(lines.getFirst().matches("ID +CPU % +MEMORY / LIMIT +PIDS / LIMIT +READ/s +WRITE/s +STALL.*"));
        assertTrue(lines.get(1).startsWith(busy + " "), lines::toString);
        assertTrue(lines.get(2).startsWith(idle + " (paused)"), lines::toString);
        assertTrue(lines.get(2).matches(".*\\) +0\\.0 .*"), lines::toString);
    }

    @Test
    void oneLineOfJsonIsSaidOfEach() {
        String id = startBusy();
        JsonNode use = OciRuntime.json(jrun.call("top", "--no-stream", "--format", "json", id)
                .succeeds()
                .output());
        assertEquals(id, use.get("id").asText());
        assertEquals("running", use.get("status").asText());
        double cpu = use.get("cpuPercent").asDouble();
        assertTrue(cpu > 1 && cpu < 110, use::toString);
        assertTrue(use.at("/stalledPercent").has("memory"), use::toString);
    }

    @Test
    void itGoesOnUntilTheContainersThatAreNamedHaveEnded() {
        String id = startSleeping();
        startSleeping();
        Execution.Started top = jrun.start(NOTHING, "top", "--interval", "100ms", "--format", "json", id);
        Eventually.isTrue("it is shown again", () -> top.outputSoFar().lines().count() >= 3);
        jrun.call("delete", "--force", id).succeeds();
        Execution ended = top.await().succeeds();
        assertTrue(ended.lines().stream().allMatch(line -> line.startsWith("{\"id\":\"" + id)), ended::toString);
        assertEquals("", ended.errors());
    }

    /** What is counted there is others', too. */
    @Test
    void aContainerWithoutACgroupOfItsOwnIsNamedOnStandardError() {
        String own = startSleeping();
        String without = sandbox.newId();
        Bundle bundle = sandbox.bundle().runs("sleep", "1000").with("/linux/resources", "{}");
        jrun.call("--cgroup-manager", "disabled", "run", "--detach", "--bundle", bundle.path(), without)
                .succeeds();
        String problem = "cannot say what container " + without + " uses: it has no cgroup of its own";

        jrun.call("top", "--no-stream", without).failsWith(problem);
        jrun.call("top", without).failsWith(problem);
        for (String format : List.of("table", "json")) {
            Execution all = jrun.call("top", "--no-stream", "--format", format).succeeds();
            assertTrue(all.errors().contains(problem), all::errors);
            assertTrue(all.output().contains(own), all::output);
            assertFalse(all.output().contains(without), all::output);
        }

        Execution.Started top = jrun.start(NOTHING, "top", "--interval", "100ms", "--format", "json", own, without);
        Eventually.isTrue("it is shown again", () -> top.outputSoFar().lines().count() >= 3);
        jrun.call("delete", "--force", own).succeeds();
        jrun.call("delete", "--force", without).succeeds();
        Execution ended = top.await().succeeds();
        assertEquals("jrun: warning: " + problem + "\n", ended.errors());
    }

    @Test
    void withoutContainersThereIsAHeadingAlone() {
        assertEquals(1, jrun.call("top", "--no-stream").succeeds().lines().size());
    }

    @Test
    void whatCannotBeShownIsRefused() {
        String id = startSleeping();
        jrun.call("top", "nobody").failsWith("\"nobody\" does not exist");
        jrun.call("top", "--format", "xml")
                .failsWith("invalid value for --format: found \"xml\"; allowed: table, json");
        jrun.call("top", "--interval", "0").failsWith("duration interval must be greater than 0");
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("top", id).failsWith("container with id " + id + " is not running");
    }

    /** As long as it takes, on a terminal of any width, and then the shell goes on below it. */
    @Test
    void aTerminalShowsATableUntilItIsInterrupted() {
        String busy = startBusy();
        String idle = startSleeping();
        try (Screen screen = Screen.open(directory)) {
            screen.resize(140, 10).enter(String.join(" ", jrun.words("top", "--interval", "100ms")));
            screen.await("STALL %").await(busy).await(idle);
            assertTrue(screen.shown().startsWith("ID "), screen::shown);
            assertFalse(screen.shown().contains("shell>"), screen::shown);

            screen.resize(60, 10);
            // What is drawn while the size changes may be of the size before.
            Eventually.isTrue("the table has fewer columns", () -> {
                String shown = screen.shown();
                return shown.contains("MEMORY / LIMIT")
                        && !shown.contains("STALL %")
                        && shown.strip().lines().count() == 3;
            });
            screen.resize(140, 10).await("STALL %").await(busy);

            jrun.call("delete", "--force", idle).succeeds();
            screen.awaitNot(idle);
            screen.pressUntil("C-c", "shell>");
            screen.enter("echo ended $?; stty -a | tr ' ' '\\n' | grep -cx -e echo -e icanon -e isig");
            screen.await("ended 130").await("\n3\n");
        }
    }

    @Test
    void itCanBeStoppedAndGoesOnInTheForeground() {
        String id = startSleeping();
        try (Screen screen = Screen.open(directory)) {
            screen.resize(140, 10).enter(String.join(" ", jrun.words("top", "--interval", "100ms")));
            screen.await(id).pressUntil("C-z", "shell>");
            screen.enter("jobs").await("Stopped");
            screen.enter("fg");
            screen.await("MEMORY / LIMIT").awaitNot("shell>");
            screen.pressUntil("C-c", "shell>");
        }
    }

    @Test
    void moreContainersThanLinesAreCounted() {
        for (int containers = 0; containers < 5; containers++) {
            startSleeping();
        }
        try (Screen screen = Screen.open(directory)) {
            screen.resize(100, 5).enter(String.join(" ", jrun.words("top")));
            screen.await("… 3 more");
            assertTrue(screen.shown().startsWith("ID "), screen::shown);
            screen.pressUntil("C-c", "shell>");
        }
    }
}
