// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As {@link UserNamespaceIT}, on a host that has cgroup v2 alone; and who may make cgroups there. */
class UserNamespaceOnUnifiedIT extends UserNamespaceIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    protected HostView view() {
        return UNIFIED.view();
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

    /**
     * Where jrun itself is in a user namespace, nobody can make device files, in whatever namespaces a container is. On
     * cgroup v1 the devices controller would be out of reach, too.
     */
    @Test
    void insideOfAnotherUserNamespaceTheDevicesOfDevAreMounted() {
        try (Unshared outer = Unshared.openIn(view(), "--user", "--mount").mapped(0)) {
            Bundle bundle = sandbox.bundle()
                    .with("/linux/resources", "{\"devices\": [{\"allow\": true, \"access\": \"rwm\"}]}")
                    .with("/linux/devices", "[{\"type\": \"c\", \"path\": \"/dev/also\", \"major\": 1, \"minor\": 5}]")
                    .runsScript("cd /dev; for d in null zero full random urandom tty; do stat -c '%n %t:%T' $d; done;"
                            + " grep -c ' /dev/[a-z]* .* devtmpfs ' /proc/self/mountinfo; echo gone > null");
            OciRuntime inside = new OciRuntime(
                    "jrun",
                    List.of("nsenter", "--user=" + outer.file("user"), "--mount=" + outer.file("mnt")),
                    jrun.program(),
                    jrun.root());

            inside.call("run", "--bundle", bundle.path(), sandbox.newId())
                    .failsWith(
                            "config.json#/linux/devices/0: make the character device /dev/also (1:5): mount the host's");
            assertEquals(
                    List.of("null 1:3", "zero 1:5", "full 1:7", "random 1:8", "urandom 1:9", "tty 5:0", "6"),
                    inside.call(
                                    "run",
                                    "--bundle",
                                    bundle.with("/linux/devices", "[]").path(),
                                    sandbox.newId())
                            .succeeds()
                            .lines());
        }
    }
}
