// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers that were frozen, as a whole or in cgroups of their own making, and are to end. */
class EndOfFrozenContainersIT extends RealContainers {

    private String path;
    private String id;

    private ForeignCgroup cgroup() {
        return ForeignCgroup.at(view().hierarchies(), path);
    }

    private void runSleeping(String namespaceToLeaveOut) {
        path = "/" + sandbox.newId();
        id = sandbox.newId();
        Bundle bundle = sandbox.bundle()
                .runs("sleep", "1000")
                .withoutNamespace(namespaceToLeaveOut)
                .with("/linux/cgroupsPath", '"' + path + '"');
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
    }

    /** As a container may that can write to its cgroups: its first process is in one below, and that one is frozen. */
    private ForeignCgroup freezeFurtherDown() {
        ForeignCgroup inner =
                ForeignCgroup.at(view().hierarchies(), path + "/inner").make();
        inner.enter(jrun.state(id).get("pid").asLong());
        inner.freeze();
        return inner;
    }

    @Test
    void sigkillEndsAFrozenContainer() {
        for (String left : List.of("none", "pid")) {
            runSleeping(left);
            cgroup().freeze();
            assertEquals("paused", jrun.status(id));

            jrun.call("kill", id, "KILL").succeeds();

            jrun.awaitStatus(id, "stopped");
            jrun.call("delete", id).succeeds();
        }
    }

    @Test
    void sigkillEndsAContainerThatIsFrozenFurtherDown() {
        for (String left : List.of("none", "pid")) {
            runSleeping(left);
            freezeFurtherDown();

            jrun.call("kill", id, "KILL").succeeds();

            jrun.awaitStatus(id, "stopped");
            jrun.call("delete", id).succeeds();
        }
    }

    /** A container that may write to its cgroups can make one look like another container's. */
    @Test
    void sigkillEndsAContainerThatIsFrozenWhereAnotherSeemsToBe() {
        for (String command : List.of("kill", "delete")) {
            id = sandbox.newId();
            path = "/" + id;
            Bundle bundle = sandbox.bundle()
                    .runsScript("sleep 1000 & sleep 1000 & wait")
                    .with("/linux/cgroupsPath", '"' + path + '"');
            jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
            long init = jrun.state(id).get("pid").asLong();
            Eventually.isTrue("it has children", () -> children(init).size() == 2);
            freezeUnderAMark("/inner", init, children(init).getFirst());
            freezeUnderAMark("/other", children(init).getLast());

            if (command.equals("kill")) {
                jrun.call("kill", id, "KILL").succeeds();
                jrun.awaitStatus(id, "stopped");
            }
            jrun.call("delete", "--force", id).succeeds();
            sandbox.assertNothingIsLeft();
        }
    }

    /** Who may not see a process does not know that it is dying. */
    @Test
    void anotherContainerThatProcHidesStaysFrozen() throws IOException {
        Programs.need("setpriv");
        path = "/" + sandbox.newId();
        id = sandbox.newId();
        Bundle bundle = sandbox.bundle()
                .runs("sleep", "1000")
                .with("/process/user/gid", "65534") // by which the caller sees this one
                .with("/linux/cgroupsPath", '"' + path + '"');
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        Process other = new ProcessBuilder("cat").start();
        try (ForeignCgroup inner = freezeUnderAMark("/other", other.pid())) {
            inner.processes().add(other);
            cgroup().freeze();
            OciRuntime blind = jrun.behind(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t proc -o hidepid=2 proc /proc && exec setpriv --bounding-set=-sys_ptrace --regid=65534"
                            + " --clear-groups env JRUN_ENGINE_IDLE=0 \"$@\"",
                    "sh");

            blind.call("kill", id, "KILL").succeeds();

            jrun.awaitStatus(id, "stopped");
            assertTrue(inner.isFrozen(), "the other container is frozen still");
        }
        jrun.call("delete", id).succeeds();
    }

    private static List<Long> children(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .sorted()
                .toList();
    }

    private ForeignCgroup freezeUnderAMark(String name, long... pids) {
        ForeignCgroup inner =
                ForeignCgroup.at(view().hierarchies(), path + name).make();
        for (Path directory : inner.directories()) {
            Programs.run("chmod", "+t", directory.toString());
        }
        for (long pid : pids) {
            inner.enter(pid);
        }
        inner.freeze();
        return inner;
    }

    @Test
    void killAllEndsAContainerThatIsFrozenFurtherDown() {
        runSleeping("pid");
        freezeFurtherDown();

        jrun.call("kill", "--all", id, "KILL").succeeds();

        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void aFrozenContainerIsDeletedByForce() {
        for (String left : List.of("none", "pid")) {
            runSleeping(left);
            cgroup().freeze();
            jrun.call("delete", "--force", id).succeeds();

            runSleeping(left);
            freezeFurtherDown();
            jrun.call("delete", "--force", id).succeeds();
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void anotherSignalLeavesItFrozen() {
        runSleeping("none");
        cgroup().freeze();

        jrun.call("kill", id, "TERM").succeeds();
        jrun.call("kill", "--all", id, "USR1").succeeds();

        assertEquals("paused", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();
    }
}
