// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a container's init still has of its caller and of the host while it is jrun's own and not yet its program. */
class WaitingInitIT extends RealContainers {

    private static final String SECRET = "JRUN_TEST_SECRET=of-the-caller";
    private static final Path FILTER = Path.of("../native-shim/build/test/without-syscalls")
            .toAbsolutePath()
            .normalize();

    @Test
    void hasNoDescriptorButTheStandardOnesAndItsSocket() throws IOException {
        assertHasOnlyItsSocket(jrun, sandbox.bundle());
    }

    @Test
    void hasNoDescriptorMoreInAUserNamespace() throws IOException {
        assertHasOnlyItsSocket(jrun, sandbox.bundle().inUserNamespace());
    }

    @Test
    void hasNoDescriptorMoreWhereTheyAreClosedOneByOne() throws IOException {
        Programs.skipUnless(
                Files.isExecutable(FILTER), "needs native-shim/build/test/without-syscalls (make -C native-shim test)");
        String closing = Integer.toString(Syscall.CLOSE_RANGE.number(Machine.host()));

        assertHasOnlyItsSocket(jrun.behind(FILTER.toString(), "ENOSYS", closing, "--"), sandbox.bundle());
    }

    private void assertHasOnlyItsSocket(OciRuntime runtime, Bundle bundle) throws IOException {
        String id = sandbox.newId();
        runtime.call("create", "--bundle", bundle.runs("true").path(), id).succeeds();

        Map<Integer, String> descriptors = descriptors(jrun.state(id).get("pid").asLong());

        assertTrue(descriptors.keySet().stream().limit(3).toList().equals(java.util.List.of(0, 1, 2)));
        assertEquals(4, descriptors.size(), descriptors::toString);
        assertTrue(descriptors.values().stream().skip(3).allMatch(file -> file.startsWith("socket:")));
        jrun.call("delete", "--force", id).succeeds();
    }

    private static Map<Integer, String> descriptors(long pid) throws IOException {
        Map<Integer, String> descriptors = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path link : links.toList()) {
                descriptors.put(
                        Integer.parseInt(link.getFileName().toString()),
                        Files.readSymbolicLink(link).toString());
            }
        }
        return descriptors;
    }

    @Test
    void doesNotCarryItsCallersEnvironment() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");

        jrun.behind("env", SECRET).call("create", "--bundle", bundle.path(), id).succeeds();

        assertFalse(environment(jrun.state(id).get("pid").asLong()).contains(SECRET));
        jrun.call("delete", "--force", id).succeeds();
    }

    /** In a pid namespace that containers share, others see it. */
    @Test
    void doesNotShowItsCallersCall() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        Path shown = Path.of("/proc/" + jrun.state(id).get("pid").asLong(), "cmdline");
        assertEquals("", Files.readString(shown).replace("\0", ""));
        jrun.call("delete", "--force", id).succeeds();
    }

    /** In a pid namespace that the container shares it is seen as long as the container runs. */
    @Test
    void doesTheShimBesideARunningContainerNeither() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runsScript("echo started; exec sleep 1000");

        Execution.Started run =
                jrun.behind("env", SECRET).start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isEqual("says", "started\n", run::outputSoFar);

        assertFalse(environment(run.pid()).contains(SECRET));
        jrun.call("kill", id, "KILL").succeeds();
        run.await();
    }

    @Test
    void doesTheShimBesideAnExecutedProcessNeither() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();

        Execution.Started exec = jrun.behind("env", SECRET)
                .start(Path.of("/dev/null"), "exec", id, "sh", "-c", "echo started; exec sleep 1000");
        Eventually.isEqual("says", "started\n", exec::outputSoFar);

        assertFalse(environment(exec.pid()).contains(SECRET));
        jrun.call("delete", "--force", id).succeeds();
        exec.await();
    }

    private static String environment(long pid) throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8);
    }
}
