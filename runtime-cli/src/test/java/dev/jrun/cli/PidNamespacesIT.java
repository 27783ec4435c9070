// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Callers to whom a pid means another process than to others, or than in their {@code /proc}. */
class PidNamespacesIT extends RealContainers {

    private static final String REFUSAL = "/proc shows the processes of another pid namespace than the caller's";

    @BeforeAll
    static void needTools() {
        Programs.need("unshare", "nsenter");
    }

    /** In a new pid namespace with the host's /proc. */
    private OciRuntime behindTheHostsProc() {
        return jrun.behind("unshare", "--pid", "--fork", "--kill-child", "env", "JRUN_ENGINE_IDLE=0");
    }

    private String created() {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", sleeping().path(), id).succeeds();
        return id;
    }

    private Bundle sleeping() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    @Test
    void whereProcShowsOthersNothingIsMadeSignalledOrRemoved() {
        String id = created();
        String bundle = sleeping().path();
        for (List<String> call : List.of(
                List.of("create", "--bundle", bundle, sandbox.newId()),
                List.of("run", "--bundle", bundle, sandbox.newId()),
                List.of("start", id),
                List.of("kill", id, "KILL"),
                List.of("kill", id, "0"),
                List.of("kill", "--all", id, "KILL"),
                List.of("delete", id),
                List.of("delete", "--force", id))) {
            behindTheHostsProc()
                    .call(call.toArray(String[]::new))
                    .failsWith("jrun: cannot " + call.getFirst(), REFUSAL);
        }
        assertEquals("created", jrun.status(id));
        try (Unshared other = Unshared.open("--pid")) {
            jrun.behind("nsenter", "--target", Long.toString(other.pid()), "--pid", "env", "JRUN_ENGINE_IDLE=0")
                    .call("delete", "--force", id)
                    .failsWith(REFUSAL);
        }
        assertEquals("created", jrun.status(id));
    }

    @Test
    void whatOnlyLooksIsRightThere() {
        String id = created();
        assertEquals(jrun.state(id), behindTheHostsProc().state(id));
        assertEquals(
                jrun.call("list").succeeds().lines(),
                behindTheHostsProc().call("list").succeeds().lines());
        behindTheHostsProc().call("features").succeeds();
        String bundle = sleeping().path();
        assertEquals(
                jrun.call("explain", "--bundle", bundle).succeeds().lines().get(2),
                behindTheHostsProc()
                        .call("explain", "--bundle", bundle)
                        .succeeds()
                        .lines()
                        .get(2));
    }

    /** There is no /proc/self, so that nothing can be found out. */
    @Test
    void whereProcDoesNotShowTheCallerNoCallIsMade() {
        String id = created();
        try (Unshared other = Unshared.open("--pid", "--mount-proc")) {
            OciRuntime confused = jrun.behind(
                    "nsenter", "--target", Long.toString(other.pid()), "--mount", "env", "JRUN_ENGINE_IDLE=0");
            for (String command : List.of("state", "delete")) {
                assertEquals(1, confused.call(command, id).code(), command);
            }
        }
        assertEquals("created", jrun.status(id));
    }
}
