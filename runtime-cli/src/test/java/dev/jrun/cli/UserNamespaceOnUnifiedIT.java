// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** As {@link UserNamespaceIT}, on a host that has cgroup v2 alone; and who may make cgroups there. */
class UserNamespaceOnUnifiedIT extends UserNamespaceIT {

    private static HostView unified;

    @BeforeAll
    static void openView() {
        Programs.skipUnless(!HostView.isUnifiedOnly(), "this host has cgroup v2 alone: UserNamespaceIT tests it");
        unified = HostView.UnifiedOnly.open();
    }

    @AfterAll
    static void closeView() {
        if (unified != null) {
            unified.close();
        }
    }

    @Override
    HostView view() {
        return unified;
    }

    private Bundle withCgroups(String access) {
        return sandbox.bundle()
                .inUserNamespace()
                .withoutMount("cgroup")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", \"source\": \"cgroup\", \"options\": [\"%s\"]}"
                                .formatted(access));
    }

    private List<String> inside(Bundle bundle, String script) {
        return jrun.call("run", "--bundle", bundle.runsScript(script).path(), sandbox.newId())
                .succeeds()
                .lines();
    }

    @Test
    void theCgroupThatItMayWriteIsItsUsers() {
        String script = "cd /sys/fs/cgroup; stat -c %u . cgroup.procs cgroup.subtree_control cgroup.freeze;"
                + " mkdir part && echo $$ > part/cgroup.procs && cat /proc/self/cgroup | grep ^0; echo $$ > cgroup.procs; rmdir part";
        assertEquals(List.of("0", "0", "0", "65534", "0::/part"), inside(withCgroups("rw"), script));
    }

    @Test
    void theCgroupThatItMayOnlyReadIsNot() {
        assertEquals(
                List.of("65534", "65534"),
                inside(withCgroups("ro"), "stat -c %u /sys/fs/cgroup /sys/fs/cgroup/cgroup.procs"));
    }
}
