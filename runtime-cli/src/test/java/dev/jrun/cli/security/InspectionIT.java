// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process without any capability can look into while a container is made: one that has user id 0 and sees the
 * host's processes, as a container in the host's pid namespace does. It must not get at the host's root directory
 * through a process of jrun's whose ids are not mapped yet.
 */
class InspectionIT {

    private static final String ID = "victim";

    /** Prints the ways into the processes it is given that are open. */
    private static final String ATTACK = """
            for pid; do
              ls -d /proc/$pid/root/. && echo root
              ls -d /proc/$pid/cwd/. && echo cwd
              readlink /proc/$pid/fd/0 && echo fd
              readlink /proc/$pid/ns/user && echo namespace
              (exec 3</proc/$pid/mem) && echo memory
            done 2>/dev/null | grep -xE 'root|cwd|fd|namespace|memory'""";

    @TempDir
    static Path scratch;

    private static TestHost host;
    private static Path root;
    private static EmbeddedCall jrun;

    @BeforeAll
    static void claimHost() throws IOException {
        Programs.need("setpriv");
        host = TestHost.claim(scratch);
        root = scratch.resolve("state");
        jrun = new EmbeddedCall(scratch);
    }

    @AfterAll
    static void giveHostBack() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    @Test
    void theAttackerFindsItsWayIntoItsEquals() {
        assertEquals(List.of("root", "cwd", "fd", "namespace", "memory"), attack("self"));
    }

    @Test
    void initIsHiddenBeforeItsUserNamespaceIsMapped() throws IOException {
        Bundle bundle = bundle("user").ownedByMappedRoot().inUserNamespace();
        assertHidden(bundle, "map user ids");
    }

    @Test
    void initWithAPredecessorIsHiddenBeforeItsUserNamespaceIsMapped() throws IOException {
        Bundle bundle = bundle("successor")
                .ownedByMappedRoot()
                .inUserNamespace()
                .withNamespace("{\"type\": \"time\", \"path\": \"/proc/self/ns/time\"}");
        assertHidden(bundle, "map user ids");
    }

    @Test
    void whatMapsTheIdsOfAMountIsHidden() throws IOException {
        Path source = Files.createDirectories(scratch.resolve("source"));
        String mappings = "[{\"containerID\": 0, \"hostID\": 5, \"size\": 9}]";
        Bundle bundle = bundle("mount").withMounts("""
                {"destination": "/mapped", "source": "%s", "options": ["bind"], "uidMappings": %s, "gidMappings": %s}""".formatted(source, mappings, mappings));
        assertHidden(bundle, "map ids of files");
    }

    private static Bundle bundle(String name) throws IOException {
        return Bundle.bare(scratch.resolve(name))
                .inCgroup(host.cgroupsPath(name))
                .runs("true");
    }

    private static void assertHidden(Bundle bundle, String intent) throws IOException {
        List<Long> seen = new ArrayList<>();
        List<String> open = new ArrayList<>();
        List<String> words = List.of("--root", root.toString(), "run", "--bundle", bundle.path(), ID);
        EmbeddedCall.Result result = jrun.make(
                words,
                (shim, session) -> new PausedSession(session, intent, () -> {
                    ProcessHandle.of(shim.pid()).orElseThrow().children().forEach(child -> seen.add(child.pid()));
                    open.addAll(attack(seen.stream().map(String::valueOf).toArray(String[]::new)));
                    assertTrue(seen.stream().allMatch(pid -> Files.exists(Path.of("/proc/" + pid + "/root/proc"))));
                }));

        assertFalse(seen.isEmpty(), result::output);
        assertEquals(List.of(), open);
        assertEquals(0, result.code(), result::output);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    private static List<String> attack(String... processes) {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs"));
        command.addAll(List.of("sh", "-c", ATTACK, "sh"));
        command.addAll(List.of(processes));
        return Execution.of(new ProcessBuilder(command)).lines();
    }
}
