// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers of callers who may not make cgroups, and of those to whom one was delegated. */
class WithoutOwnCgroupIT extends RealContainers {

    private static final String USER = "1000";

    private final List<ForeignCgroup> cgroups = new ArrayList<>();
    /** jrun of a user who is not root. */
    private OciRuntime userJrun;

    @BeforeEach
    void becomeUser() throws IOException {
        Programs.need("setpriv", "unshare", "nsenter");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        userJrun = jrun.behind(
                "setpriv",
                "--reuid=" + USER,
                "--regid=" + USER,
                "--clear-groups",
                "env",
                "XDG_RUNTIME_DIR=" + directory,
                "JRUN_ENGINE_IDLE=0");
        Programs.skipUnless(
                userJrun.call("--version").code() == 0, "the distribution is not for every user to be read");
    }

    @AfterEach
    void removeCgroups() {
        cgroups.reversed().forEach(ForeignCgroup::close);
    }

    /** What {@code spec --rootless} writes. */
    private Bundle rootless() throws IOException {
        Bundle bundle = sandbox.bundle();
        Programs.run("chown", "-R", USER + ":" + USER, bundle.path());
        Files.delete(bundle.directory().resolve("config.json"));
        userJrun.call("spec", "--rootless", "--bundle", bundle.path()).succeeds();
        return Bundle.open(bundle.directory());
    }

    @Test
    void theContainerStaysInTheCallersCgroup() throws IOException {
        Bundle bundle = rootless().withoutNamespace("cgroup").runs("cat", "/proc/self/cgroup");
        String callers = view().prefix().isEmpty()
                ? Programs.run("cat", "/proc/self/cgroup").output()
                : Programs.run(withView("cat", "/proc/self/cgroup")).output();

        Execution run =
                userJrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();

        assertEquals(callers, run.output());
        assertEquals("", run.errors());
        sandbox.assertNothingIsLeft();
    }

    private List<String> withView(String... command) {
        List<String> words = new ArrayList<>(view().prefix());
        words.addAll(List.of(command));
        return words;
    }

    @Test
    void itLivesThroughAllItsStates() throws IOException {
        Bundle bundle = rootless().runs("sleep", "1000");
        for (String[] kill : List.of(new String[] {"kill"}, new String[] {"kill", "--all"})) {
            String id = sandbox.newId();
            userJrun.call("create", "--bundle", bundle.path(), id).succeeds();
            userJrun.call("start", id).succeeds();
            assertEquals("running", userJrun.status(id));
            List<String> call = new ArrayList<>(List.of(kill));
            call.addAll(List.of(id, "KILL"));
            userJrun.call(call.toArray(String[]::new)).succeeds();
            userJrun.awaitStatus(id, "stopped");
            userJrun.call("delete", id).succeeds();
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aLimitThatCannotBeKeptIsAnError() throws IOException {
        Bundle bundle = rootless().with("/linux/resources", "{\"pids\": {\"limit\": 100}}");

        userJrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/linux/resources/pids/limit", "the caller may not make a cgroup");
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aPlaceThatMayNotBeUsedIsAnError() throws IOException {
        Bundle bundle = rootless().with("/linux/cgroupsPath", "\"/" + sandbox.newId() + "\"");

        userJrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/linux/cgroupsPath", "permission denied");
        sandbox.assertNothingIsLeft();
    }

    /**
     * It reaches every device of the machine whose file it finds, so none of its containers may go without device
     * rules.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-dac_override", "-all"})
    void rootWithFewerCapabilitiesMayNotDoTheSame(String capabilities) {
        OciRuntime limited = jrun.behind("setpriv", "--bounding-set=" + capabilities, "env", "JRUN_ENGINE_IDLE=0");

        limited.call("run", "--bundle", sandbox.bundle().runs("true").path(), sandbox.newId())
                .failsWith("permission denied");
        sandbox.assertNothingIsLeft();
    }

    /** As root of a container without a user namespace. */
    @Test
    void rootWithCgroupsThatAreReadOnlyMayNotDoTheSame() {
        OciRuntime inside = jrun.behind(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "for cgroup in $(awk '$3 ~ /^cgroup/ { print $2 }' /proc/self/mounts);"
                        + " do mount -o remount,bind,ro $cgroup; done; exec \"$@\"",
                "sh",
                "env",
                "JRUN_ENGINE_IDLE=0");

        inside.call("run", "--bundle", sandbox.bundle().runs("true").path(), sandbox.newId())
                .failsWith("/linux/cgroupsPath", "read-only file system");
        sandbox.assertNothingIsLeft();
    }

    @Test
    void rootOfAUserNamespaceMayDoTheSame() throws IOException {
        try (Unshared outer = Unshared.openIn(view(), "--user", "--mount").mapped()) {
            var inside = new OciRuntime(
                    jrun.name(),
                    List.of(
                            "nsenter",
                            "--user=" + outer.file("user"),
                            "--mount=" + outer.file("mnt"),
                            "env",
                            "JRUN_ENGINE_IDLE=0"),
                    jrun.program(),
                    jrun.root());
            Bundle bundle = sandbox.bundle().runs("echo", "here");
            Programs.run("chown", "-R", Bundle.FIRST_ID + ":" + Bundle.FIRST_ID, bundle.path());

            Execution run = inside.call("run", "--bundle", bundle.path(), sandbox.newId())
                    .succeeds();

            assertEquals("here\n", run.output());
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aDelegatedCgroupIsUsed() throws IOException {
        String path = "/" + sandbox.newId();
        ForeignCgroup delegated = delegate(path);
        ForeignCgroup callers = delegate(path + "/callers");
        Bundle bundle = rootless().runs("sleep", "1000");
        String id = sandbox.newId();
        List<String> words = userJrun.words("run", "--detach", "--bundle", bundle.path(), id);

        Execution run = Execution.of(new ProcessBuilder(
                "sh",
                "-ec",
                "for cgroup in " + callers.text() + "; do echo 0 > $cgroup/cgroup.procs; done; exec "
                        + String.join(" ", words)));

        run.succeeds();
        List<Path> own = new ArrayList<>();
        for (Path directory : delegated.directories()) {
            own.addAll(List.of(directory.resolve(id), directory.resolve("callers/" + id)));
        }
        own.removeIf(Files::notExists);
        assertEquals(delegated.directories().size(), own.size(), own::toString);
        long pid = userJrun.state(id).get("pid").asLong();
        for (Path cgroup : own) {
            assertTrue(Files.readAllLines(cgroup.resolve("cgroup.procs")).contains(Long.toString(pid)), own::toString);
        }
        userJrun.call("delete", "--force", id).succeeds();
        assertTrue(own.stream().noneMatch(Files::exists));
    }

    /** As a service manager does it: "Delegation" of cgroups(7). */
    private ForeignCgroup delegate(String path) {
        ForeignCgroup cgroup = ForeignCgroup.at(view().hierarchies(), path).make();
        cgroups.add(cgroup);
        for (Path directory : cgroup.directories()) {
            for (String file : List.of("", "cgroup.procs", "tasks", "cgroup.threads", "cgroup.subtree_control")) {
                if (Files.exists(directory.resolve(file))) {
                    Programs.run("chown", USER, directory.resolve(file).toString());
                }
            }
        }
        return cgroup;
    }
}
