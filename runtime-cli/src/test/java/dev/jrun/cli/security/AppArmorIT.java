// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers confined by a profile of AppArmor, on hosts that have it: {@code scripts/test-in-vm} makes one. */
class AppArmorIT extends RealContainers {

    private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

    /** It may do everything but look at one file. */
    private static final String PROFILE = """
            profile jrun-it flags=(attach_disconnected,mediate_deleted) {
              capability,
              network,
              file,
              mount,
              umount,
              signal,
              ptrace,
              deny /etc/passwd r,
            }
            """;

    @TempDir
    static Path scratch;

    private static Path profile;

    @BeforeAll
    static void loadProfile() throws IOException {
        Programs.skipUnless(
                Files.exists(ENABLED) && Files.readString(ENABLED).startsWith("Y"), "AppArmor is not enabled");
        Programs.need("apparmor_parser");
        profile = Files.writeString(scratch.resolve("profile"), PROFILE);
        Programs.run("apparmor_parser", "--replace", "--skip-cache", profile.toString());
    }

    @AfterAll
    static void removeProfile() {
        if (profile != null) {
            Programs.run("apparmor_parser", "--remove", profile.toString());
        }
    }

    private Bundle confined() {
        return sandbox.bundle().with("/process/apparmorProfile", "\"jrun-it\"");
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    @Test
    void theProgramIsConfined() {
        Execution run = run(confined()
                .runsScript("cat /proc/self/attr/current; cat /etc/passwd; cat /etc/group; true")
                .file("etc/group", "rw-r--r--", "group\n"));

        assertEquals("jrun-it (enforce)\ngroup\n", run.succeeds().output());
        assertEquals("cat: can't open '/etc/passwd': Permission denied\n", run.errors());
    }

    @Test
    void theProgramOfAnotherUserIsConfinedWithAndWithoutNewPrivileges() {
        for (String noNewPrivileges : new String[] {"true", "false"}) {
            Bundle bundle = confined()
                    .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                    .with("/process/noNewPrivileges", noNewPrivileges)
                    .runs("cat", "/proc/self/attr/current");

            assertEquals("jrun-it (enforce)\n", run(bundle).succeeds().output());
        }
    }

    @Test
    void theProgramOfACreatedContainerIsConfined() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = confined().runs("sleep", "1000");
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        Path label = Path.of("/proc/" + jrun.state(id).get("pid").asLong() + "/attr/current");

        assertEquals("unconfined\n", Files.readString(label));
        jrun.call("start", id).succeeds();
        assertEquals("jrun-it (enforce)\n", Files.readString(label));
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void aVolumeInPlaceOfProcIsRefused() throws IOException {
        // The shape of CVE-2019-16884: what is to confine the program would be written to the volume.
        Path volume = directory.resolve("volume");
        Path decoy =
                Files.createDirectories(volume.resolve("self/attr/apparmor")).resolve("exec");
        Files.createFile(decoy);
        Bundle bundle = confined().with("/mounts/0", """
                        {"destination": "/proc", "type": "bind", "source": "%s", "options": ["rbind"]}""".formatted(volume)).runs("true");

        run(bundle).failsWith("config.json#/mounts/0: ", "on /proc, which is not a file system of type proc");

        assertEquals(0, Files.size(decoy));
    }

    @Test
    void aProfileThatIsNotLoadedIsAnError() {
        run(sandbox.bundle().with("/process/apparmorProfile", "\"jrun-it-not-there\""))
                .failsWith("config.json#/process/apparmorProfile: confine the executable by the AppArmor profile"
                        + " \"jrun-it-not-there\": no such file or directory (no such profile is loaded)");
    }

    @Test
    void unconfinedIsAProfile() {
        Bundle bundle = sandbox.bundle()
                .with("/process/apparmorProfile", "\"unconfined\"")
                .runs("cat", "/proc/self/attr/current");

        assertEquals("unconfined\n", run(bundle).succeeds().output());
    }

    private String executedLabels(OciRuntime runtime, Bundle bundle) {
        String id = sandbox.newId();
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        String label = "cat /proc/self/attr/current; cat /etc/passwd 2>&1";
        String labels = runtime.call("exec", id, "sh", "-c", label).output()
                + runtime.call("exec", "--apparmor", "jrun-it", id, "sh", "-c", label)
                        .output();
        runtime.call("delete", "--force", id).succeeds();
        return labels;
    }

    /** By the container's profile, or by one that the command line names; so does runc. */
    @Test
    void anExecutedProgramIsConfined() {
        String denied = "jrun-it (enforce)\ncat: can't open '/etc/passwd': Permission denied\n";
        Bundle confined = confined().runs("sleep", "1000");

        assertEquals(denied + denied, executedLabels(jrun, confined));

        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        Bundle unconfined = sandbox.bundle().runs("sleep", "1000");
        assertEquals(executedLabels(runc, unconfined), executedLabels(jrun, unconfined));
        assertEquals(executedLabels(runc, confined), executedLabels(jrun, confined));
    }

    @Test
    void runcConfinesTheSame() {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        Bundle bundle = confined().runsScript("cat /proc/self/attr/current; cat /proc/1/attr/current; cat /etc/passwd");
        Execution expected = runc.call("run", "--bundle", bundle.path(), sandbox.newId());

        Execution found = run(bundle);

        assertEquals(expected.output(), found.output());
        assertEquals(expected.errors(), found.errors());
        assertEquals(expected.code(), found.code());
    }
}
