// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks of a container's own. */
class TimeNamespaceIT extends RealContainers {

    private static final String OFFSETS = """
            {"monotonic": {"secs": 1000, "nanosecs": 5}, "boottime": {"secs": 8640000}}""";

    private Bundle bundle() {
        return sandbox.bundle()
                .with("/linux/namespaces/-", "{\"type\": \"time\"}")
                .with("/linux/timeOffsets", OFFSETS);
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    private static double uptime(String text) {
        return Double.parseDouble(text.split(" ")[0]);
    }

    @Test
    void clocksAreSetBackOrForth() throws IOException {
        Bundle bundle = bundle().runsScript("cat /proc/self/timens_offsets /proc/uptime; readlink /proc/self/ns/time");
        List<String> lines = run(bundle).succeeds().lines();
        assertEquals("monotonic        1000         5", lines.get(0));
        assertEquals("boottime      8640000         0", lines.get(1));
        double ahead = uptime(lines.get(2)) - uptime(Files.readString(Path.of("/proc/uptime")));
        assertTrue(Math.abs(ahead - 8640000) < 60, "ahead by " + ahead);
        assertNotEquals(Unshared.identity(Path.of("/proc/self/ns/time")), lines.get(3));
    }

    @Test
    void aNamespaceWithoutOffsetsIsNewToo() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/namespaces/-", "{\"type\": \"time\"}")
                .runsScript("readlink /proc/self/ns/time; tr -s ' ' < /proc/self/timens_offsets");
        List<String> lines = run(bundle).succeeds().lines();
        assertNotEquals(Unshared.identity(Path.of("/proc/self/ns/time")), lines.get(0));
        assertEquals(List.of("monotonic 0 0", "boottime 0 0"), lines.subList(1, 3));
    }

    @Test
    void aCreatedContainerIsInItAlready() throws IOException {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle().runs("sleep", "1000").path(), id)
                .succeeds();
        Path process = Path.of("/proc/" + jrun.state(id).get("pid").asLong());
        assertTrue(Files.readString(process.resolve("timens_offsets")).contains("8640000"));
        String identity = Unshared.identity(process.resolve("ns/time"));
        assertEquals(identity, Unshared.identity(process.resolve("ns/time_for_children")));
        jrun.call("start", id).succeeds();
        jrun.awaitStatus(id, "running");
        assertEquals(identity, Unshared.identity(process.resolve("ns/time")));
    }

    @Test
    void inAUserNamespaceItsRootSetsTheClocks() {
        Bundle bundle = bundle().inUserNamespace().runsScript("tr -s ' ' < /proc/self/timens_offsets");
        assertEquals(
                List.of("monotonic 1000 5", "boottime 8640000 0"),
                run(bundle).succeeds().lines());
    }

    @Test
    void clocksOfAnotherContainerAreJoined() {
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle().runs("sleep", "1000").path(), id)
                .succeeds();
        Path file = Path.of("/proc/" + jrun.state(id).get("pid").asLong() + "/ns/time");
        Bundle second = sandbox.bundle().joining("time", file).runsScript("readlink /proc/self/ns/time");
        assertEquals(Unshared.identity(file), run(second).succeeds().output().strip());
    }

    @Test
    void anOffsetThatTheKernelRefusesIsNamed() {
        run(bundle().with("/linux/timeOffsets", "{\"monotonic\": {\"secs\": -9000000000}}"))
                .failsWith("config.json#/linux/timeOffsets: set the offsets of the clocks: monotonic -9000000000 0");
    }

    @Test
    void theClocksOfANamespaceThatIsJoinedStay() {
        run(sandbox.bundle().joining("time", Path.of("/proc/self/ns/time")).with("/linux/timeOffsets", OFFSETS))
                .failsWith("config.json#/linux/timeOffsets: needs a new time namespace");
    }

    /** Of a caller whose clocks are ahead, or behind. */
    private OciRuntime inItsOwnTime(String seconds) {
        return jrun.behind("unshare", "--time", "--boottime", seconds, "env", "JRUN_ENGINE_IDLE=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000", "-1"})
    void aContainerIsTheSameWhateverTheCallersClock(String seconds) {
        Programs.need("unshare");
        OciRuntime other = inItsOwnTime(seconds);
        for (List<OciRuntime> pair : List.of(List.of(jrun, other), List.of(other, jrun))) {
            OciRuntime maker = pair.get(0);
            OciRuntime reader = pair.get(1);
            String id = sandbox.newId();
            maker.call(
                            "run",
                            "--detach",
                            "--bundle",
                            sandbox.bundle().runs("sleep", "1000").path(),
                            id)
                    .succeeds();
            assertEquals("running", reader.status(id));
            reader.call("delete", id).failsWith("is not stopped");
            assertEquals("running", maker.status(id));
            reader.call("kill", id, "KILL").succeeds();
            reader.awaitStatus(id, "stopped");
            reader.call("delete", id).succeeds();
        }
        sandbox.assertNothingIsLeft();
    }
}
