// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cgroups and processes that are somebody else's, where a container's cgroup is to be, or was. */
class ForeignCgroupsIT extends RealContainers {

    private static final long NOBODY = 999_999_999;

    private final List<ForeignCgroup> foreign = new ArrayList<>();

    @AfterEach
    void endForeign() {
        foreign.reversed().forEach(ForeignCgroup::close);
    }

    private ForeignCgroup foreign(String path) {
        ForeignCgroup cgroup = ForeignCgroup.at(view().hierarchies(), path).make();
        foreign.add(cgroup);
        return cgroup;
    }

    private String newCgroup() {
        return "/" + sandbox.newId();
    }

    private Bundle sleeping(String cgroup) {
        return sandbox.bundle().runs("sleep", "1000").with("/linux/cgroupsPath", '"' + cgroup + '"');
    }

    private void runDetached(OciRuntime runtime, Bundle bundle, String id) {
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
    }

    private OciRuntime underAnotherRoot() {
        return new OciRuntime(jrun.name(), jrun.prefix(), jrun.program(), directory.resolve("state-another"));
    }

    @Test
    void anOccupiedCgroupIsRefusedAndLeftAlone() {
        String path = newCgroup();
        ForeignCgroup occupied = foreign(path);
        Process process = occupied.run();

        for (String command : List.of("run", "create")) {
            String id = sandbox.newId();
            jrun.call(command, "--bundle", sleeping(path).path(), id).failsWith("container's cgroup is not empty");
            jrun.call("state", id).failsWith("does not exist");
        }

        assertTrue(process.isAlive());
        assertTrue(occupied.exists());
    }

    @Test
    void aCgroupThatIsOccupiedFurtherDownIsRefusedAndLeftAlone() {
        String path = newCgroup();
        foreign(path);
        ForeignCgroup child = foreign(path + "/child");
        Process process = child.run();

        jrun.call("run", "--bundle", sleeping(path).path(), sandbox.newId())
                .failsWith("container's cgroup is not empty");

        assertTrue(process.isAlive());
        assertTrue(child.exists());
    }

    @Test
    void aFrozenCgroupIsRefusedAndStaysFrozen() {
        String path = newCgroup();
        ForeignCgroup occupied = foreign(path);
        Process process = occupied.run();
        occupied.freeze();

        jrun.call("run", "--bundle", sleeping(path).path(), sandbox.newId())
                .failsWith("container's cgroup is not empty");

        assertTrue(process.isAlive());
        assertTrue(occupied.isFrozen());
    }

    @Test
    void containersOfOneIdUnderTwoRootsDoNotHarmEachOther() {
        String id = sandbox.newId();
        OciRuntime other = underAnotherRoot();
        for (String namespace : List.of("none", "pid")) {
            Bundle bundle = sleeping("/" + id).withoutNamespace(namespace);
            runDetached(jrun, bundle, id);

            other.call("run", "--bundle", bundle.path(), id).failsWith("container's cgroup is not empty");
            other.call("delete", "--force", id).succeeds();

            assertEquals("running", jrun.status(id));
            jrun.call("delete", "--force", id).succeeds();
        }
    }

    @Test
    void whatACallThatWasCutOffMeantToMakeIsNotTakenFromAnother() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = sleeping("/" + id).withoutNamespace("pid");
        runDetached(jrun, bundle, id);
        OciRuntime other = underAnotherRoot();
        plantAbandoned(other, id);

        other.call("run", "--bundle", bundle.path(), id).failsWith("container's cgroup is not empty");
        assertEquals("running", jrun.status(id));
        plantAbandoned(other, id);
        other.call("delete", id).succeeds();
        assertEquals("running", jrun.status(id));

        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void whatACallThatWasCutOffHasMadeIsRemovedAndNothingElse() throws IOException {
        String path = newCgroup();
        String id = sandbox.newId();
        runDetached(jrun, sleeping(path), id);
        String record = Files.readString(jrun.root().resolve(id).resolve("state.json"));
        jrun.call("delete", "--force", id).succeeds();

        ForeignCgroup somebodyElses = foreign(path);
        plantAbandoned(jrun, id, record);
        jrun.call("delete", id).succeeds();
        assertTrue(somebodyElses.exists());

        // Only jrun makes cgroups with the sticky bit.
        for (Path directory : somebodyElses.directories()) {
            Programs.run("chmod", "+t", directory.toString());
        }
        plantAbandoned(jrun, id, record);
        jrun.call("delete", id).succeeds();
        assertFalse(somebodyElses.exists());
    }

    private void plantAbandoned(OciRuntime runtime, String id) throws IOException {
        plantAbandoned(runtime, id, Files.readString(jrun.root().resolve(id).resolve("state.json")));
    }

    /**
     * What an engine leaves that dies with its shim before it makes the cgroups, or before it has recorded that it did.
     */
    private static void plantAbandoned(OciRuntime runtime, String id, String text) throws IOException {
        ObjectNode record = (ObjectNode) OciRuntime.json(text);
        record.remove(List.of("init", "own"));
        ((ObjectNode) record.get("creator")).put("pid", NOBODY);
        Path state = Files.createDirectories(runtime.root().resolve(id)).resolve("state.json");
        Files.writeString(state, record.toString());
    }

    @Test
    void deleteDoesNotKillWhatWasPutIntoTheCgroupFromOutside() {
        String path = newCgroup();
        String id = sandbox.newId();
        runDetached(jrun, sleeping(path), id);
        Process process = ForeignCgroup.at(view().hierarchies(), path).run();

        jrun.call("delete", "--force", id).failsWith("cannot remove the cgroup", "[" + process.pid() + "]");
        assertTrue(process.isAlive());
        assertEquals("stopped", jrun.status(id));

        ForeignCgroup.end(process);
        jrun.call("delete", id).succeeds();
    }

    @Test
    void deleteDoesNotTouchACgroupThatIsSomebodyElsesByNow() {
        String path = newCgroup();
        String id = sandbox.newId();
        Bundle bundle = sleeping(path).withoutNamespace("pid").runs("true");
        runDetached(jrun, bundle, id);
        jrun.awaitStatus(id, "stopped");
        ForeignCgroup.at(view().hierarchies(), path).close();
        ForeignCgroup later = foreign(path);
        Process process = later.run();

        jrun.call("kill", "--all", id, "KILL");
        jrun.call("delete", id).succeeds();

        assertTrue(process.isAlive());
        assertTrue(later.exists());
    }

    @Test
    void theEndOfARunDoesNotTouchACgroupThatIsSomebodyElsesByNow() {
        String path = newCgroup();
        String id = sandbox.newId();
        Execution.Started run = jrun.start(
                Path.of("/dev/null"), "run", "--bundle", sleeping(path).path(), id);
        Eventually.isTrue("it runs", () -> jrun.call("state", id).output().contains("\"running\""));
        ForeignCgroup later;
        Programs.run("kill", "-STOP", Long.toString(run.pid()));
        try {
            Programs.run("kill", "-KILL", jrun.state(id).get("pid").asText());
            ForeignCgroup.at(view().hierarchies(), path).close();
            later = foreign(path);
        } finally {
            Programs.run("kill", "-CONT", Long.toString(run.pid()));
        }

        assertEquals(137, run.await().code());
        assertTrue(later.directories().stream().allMatch(Files::exists));
        jrun.call("state", id).failsWith("does not exist");
    }

    @Test
    void deleteDoesNotTouchACgroupThatAnotherContainerHasTaken() {
        String path = newCgroup();
        String ended = sandbox.newId();
        Bundle bundle = sleeping(path).withoutNamespace("pid");
        runDetached(jrun, bundle.runs("true"), ended);
        jrun.awaitStatus(ended, "stopped");
        String later = sandbox.newId();
        runDetached(jrun, bundle.runs("sleep", "1000"), later);

        jrun.call("kill", "--all", ended, "KILL").succeeds();
        jrun.call("delete", ended).succeeds();

        assertEquals("running", jrun.status(later));
        jrun.call("delete", "--force", later).succeeds();
    }

    @Test
    void aCgroupThatWasThereOutlivesACreateThatFails() {
        String path = newCgroup();
        ForeignCgroup adopted = foreign(path);
        Bundle bundle = sleeping(path).runs("/no/such/program");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).failsWith("/no/such/program");

        assertTrue(adopted.exists());
    }

    @Test
    void aCgroupThatWasThereOutlivesItsContainer() {
        String path = newCgroup();
        ForeignCgroup adopted = foreign(path);
        List<Long> inodes = inodes(adopted);
        for (String namespace : List.of("none", "pid")) {
            Bundle bundle = sleeping(path).withoutNamespace(namespace);
            String id = sandbox.newId();
            runDetached(jrun, bundle, id);
            jrun.call("delete", "--force", id).succeeds();
            assertIsGivenBack(adopted, inodes);

            jrun.call("run", "--bundle", bundle.runs("true").path(), sandbox.newId())
                    .succeeds();
            assertIsGivenBack(adopted, inodes);
        }
    }

    private static void assertIsGivenBack(ForeignCgroup cgroup, List<Long> inodes) {
        assertEquals(inodes, inodes(cgroup));
        for (Path directory : cgroup.directories()) {
            assertEquals(
                    "755",
                    Programs.run("stat", "-c", "%a", directory.toString())
                            .output()
                            .strip());
        }
    }

    private static List<Long> inodes(ForeignCgroup cgroup) {
        return cgroup.directories().stream()
                .map(directory -> Programs.run("stat", "-c", "%i", directory.toString())
                        .output()
                        .strip())
                .map(Long::valueOf)
                .toList();
    }

    @Test
    void aCgroupThatAnEndedContainerHadTakenOverIsNotMadeAnew() {
        String path = newCgroup();
        ForeignCgroup adopted = foreign(path);
        List<Long> inodes = inodes(adopted);
        String ended = sandbox.newId();
        runDetached(jrun, sleeping(path).runs("true"), ended);
        jrun.awaitStatus(ended, "stopped");

        jrun.call("run", "--bundle", sleeping(path).path(), sandbox.newId()).failsWith("belongs to another container");
        assertEquals(inodes, inodes(adopted));

        jrun.call("delete", ended).succeeds();
        assertIsGivenBack(adopted, inodes);
    }

    @Test
    void aCgroupWithOthersInItIsNotTakenOver() {
        String path = newCgroup();
        ForeignCgroup above = foreign(path);
        List<Long> inodes = inodes(above);
        foreign(path + "/idle");

        jrun.call("run", "--bundle", sleeping(path).path(), sandbox.newId())
                .failsWith("container's cgroup is not empty");

        assertIsGivenBack(above, inodes);
    }

    @Test
    void aServiceBelowACgroupThatWasThereIsNeitherKilledNorRemoved() {
        String path = newCgroup();
        ForeignCgroup adopted = foreign(path);
        List<Long> inodes = inodes(adopted);
        String shares = sandbox.newId();
        runDetached(jrun, sleeping(path).withoutNamespace("pid"), shares);
        ForeignCgroup below = foreign(path + "/service");
        Process service = below.run();

        jrun.call("kill", shares, "KILL").succeeds();
        jrun.awaitStatus(shares, "stopped");
        jrun.call("kill", "--all", shares, "KILL").succeeds();
        jrun.call("delete", "--force", shares).failsWith("[" + service.pid() + "]", path);
        assertTrue(service.isAlive());

        ForeignCgroup.end(service);
        jrun.call("delete", shares).succeeds();
        assertTrue(below.directories().stream().allMatch(Files::exists));
        assertIsGivenBack(adopted, inodes);
    }

    @Test
    void aServiceBelowACgroupThatWasThereDoesNotKeepAContainerThatHadAPidNamespace() {
        String path = newCgroup();
        ForeignCgroup adopted = foreign(path);
        List<Long> inodes = inodes(adopted);
        String id = sandbox.newId();
        runDetached(jrun, sleeping(path), id);
        ForeignCgroup below = foreign(path + "/service");
        Process service = below.run();

        jrun.call("kill", "--all", id, "KILL").succeeds();
        jrun.call("delete", "--force", id).succeeds();

        assertTrue(service.isAlive());
        assertTrue(below.directories().stream().allMatch(Files::exists));
        assertIsGivenBack(adopted, inodes);
    }

    @Test
    void aContainerBelowAnotherIsNotKilledWithIt() {
        String path = newCgroup();
        for (String namespace : List.of("pid", "none")) {
            String outer = sandbox.newId();
            runDetached(jrun, sleeping(path).withoutNamespace(namespace), outer);
            String inner = sandbox.newId();
            runDetached(jrun, sleeping(path + "/inner").withoutNamespace("pid"), inner);

            jrun.call("kill", outer, "KILL").succeeds();
            jrun.awaitStatus(outer, "stopped");
            jrun.call("kill", "--all", outer, "TERM").succeeds();
            jrun.call("delete", "--force", outer)
                    .failsWith("the cgroup of another container is in it", path + "/inner");

            assertEquals("running", jrun.status(inner));
            jrun.call("delete", "--force", inner).succeeds();
            jrun.call("delete", outer).succeeds();
            assertFalse(ForeignCgroup.at(view().hierarchies(), path).exists());
        }
    }

    /** As Docker does in Docker: the containers of an engine that was in it have ended with it. */
    @Test
    void whatContainersInItHaveLeftIsRemovedWithAContainer() {
        String path = newCgroup();
        String id = sandbox.newId();
        runDetached(jrun, sleeping(path), id);
        for (String below : List.of("/docker", "/docker/inner", "/docker/inner/deep", "/docker/inner/deep/deeper")) {
            for (Path directory :
                    ForeignCgroup.at(view().hierarchies(), path + below).make().directories()) {
                if (below.endsWith("inner") || below.endsWith("deeper")) {
                    Programs.run("chmod", "+t", directory.toString());
                }
            }
        }

        jrun.call("delete", "--force", id).succeeds();

        assertFalse(ForeignCgroup.at(view().hierarchies(), path).exists());
    }

    @Test
    void aCreateThatFailsLeavesNoneOfTheCgroupsThatItMade() {
        String path = newCgroup();
        Bundle bundle = sleeping(path + "/middle/inner").runs("/no/such/program");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).failsWith("/no/such/program");

        assertFalse(ForeignCgroup.at(view().hierarchies(), path).exists());
        sandbox.assertNothingIsLeft();
    }
}
