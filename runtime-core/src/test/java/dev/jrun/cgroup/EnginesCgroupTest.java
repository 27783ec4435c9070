// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine finds in the cgroup that it would move to, in a directory that looks like one. */
class EnginesCgroupTest {

    @TempDir
    Path directory;

    private EnginesCgroup cgroup;

    @BeforeEach
    void make() throws IOException {
        cgroup = new EnginesCgroup(directory.resolve("jrun-engine"));
        cgroup.make();
        Files.writeString(cgroup.directory().resolve("cgroup.procs"), "");
    }

    private void holds(String pid) throws IOException {
        Files.writeString(cgroup.directory().resolve("cgroup.procs"), pid + "\n");
    }

    @Test
    void anEmptyOneIsTheEngines() throws IOException {
        cgroup.make();
        assertFalse(cgroup.mayBeAnothers());
        cgroup.enter();
        assertEquals("0", Files.readString(cgroup.directory().resolve("cgroup.procs")));
    }

    @Test
    void oneWithTheMarkOfContainersIsNot() throws IOException {
        Files.setAttribute(cgroup.directory(), "unix:mode", 01755);
        assertTrue(cgroup.mayBeAnothers());
    }

    @Test
    void norOneWithAnotherBelow() throws IOException {
        Files.createDirectory(cgroup.directory().resolve("child"));
        assertTrue(cgroup.mayBeAnothers());
    }

    @Test
    void norOneThatHasAProcessWhichIsNoEngine() throws IOException {
        holds(Long.toString(ProcessHandle.current().pid()));
        assertTrue(cgroup.mayBeAnothers());
        holds("0"); // of another pid namespace
        assertTrue(cgroup.mayBeAnothers());
    }

    @Test
    void processesOfEnginesAndSuchAsHaveEndedDoNotMatter() throws Exception {
        Process engine = new ProcessBuilder("sh", "-c", "echo ready; read line", "-Djrun.build=0").start();
        try {
            assertEquals("ready", engine.inputReader().readLine());
            holds(Long.toString(engine.pid()));
            assertFalse(cgroup.mayBeAnothers());
        } finally {
            engine.getOutputStream().close();
            engine.waitFor();
        }
        assertFalse(cgroup.mayBeAnothers());
    }

    @Test
    void oneThatCannotBeSeenMayBe() throws IOException {
        Files.delete(cgroup.directory().resolve("cgroup.procs"));
        assertTrue(cgroup.mayBeAnothers());
    }
}
