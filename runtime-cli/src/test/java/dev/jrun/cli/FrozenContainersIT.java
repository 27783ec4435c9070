// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers that were frozen, as a whole or in cgroups of their own making, and are to end. */
class FrozenContainersIT extends RealContainers {

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
