// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Links of the image that lead volumes to where the runtime makes, replaces or protects something, and directories of
 * the root file system that somebody renames while a container is made: nothing is made or changed in a volume, and
 * nothing is left unprotected.
 */
class LinkedDestinationsIT extends RealContainers {

    private static final String TUN =
            "[{\"type\": \"c\", \"path\": \"%s\", \"major\": 10, \"minor\": 200, \"uid\": 5, \"gid\": 6}]";

    private Path volume;

    @BeforeEach
    void makeVolume() throws IOException {
        volume = Files.createDirectory(directory.resolve("volume"));
        Files.writeString(volume.resolve("ptmx"), "not a device");
    }

    private void theVolumeIsAsItWas() throws IOException {
        try (Stream<Path> files = Files.walk(volume)) {
            assertEquals(List.of(volume, volume.resolve("ptmx")), files.toList());
        }
        assertEquals("not a device", Files.readString(volume.resolve("ptmx")));
    }

    private Bundle bundle(boolean user, String destination, String... options) {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"%s\", \"source\": \"%s\", \"options\": [\"bind\"%s]}"
                                .formatted(
                                        destination,
                                        volume,
                                        options.length == 0 ? "" : ", \"" + String.join("\", \"", options) + '"'));
        return user ? bundle.inUserNamespace() : bundle;
    }

    /** What there is in the image is the user namespace's, if there is one. */
    private static Bundle owned(Bundle bundle) {
        if (bundle.config().at("/linux/uidMappings").size() > 0) {
            Programs.run(
                    "chown",
                    "-R",
                    "-h",
                    Bundle.FIRST_ID + ":" + Bundle.FIRST_ID,
                    bundle.rootfs().toString());
        }
        return bundle;
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    /** Leaves /dev as the image has it. */
    private static Bundle withoutMountsInDev(Bundle bundle) {
        return bundle.withoutMount("tmpfs").withoutMount("devpts").withoutMount("mqueue");
    }

    @ParameterizedTest
    @CsvSource({
        "/dev, false",
        "/dev, true",
        "dev, false",
        "../../../dev/., false",
        "/other, false",
    })
    void aLinkToDevTakesNoVolume(String target, boolean user) throws IOException {
        Bundle bundle = owned(bundle(user, "/data").link("data", target).link("other", "dev"));
        String refused = "on /data: the destination is a link to /dev";

        run(bundle).failsWith("config.json#/mounts/7: mount ", refused);
        run(withoutMountsInDev(bundle)).failsWith("config.json#/mounts/", refused);
        theVolumeIsAsItWas();
    }

    @Test
    void aLinkToWhatDevIsInTakesNoVolume() throws IOException {
        Bundle bundle = bundle(false, "/data/dev").link("data", "/");

        run(bundle).failsWith("config.json#/mounts/7: mount ", "the destination is a link to /dev");
        theVolumeIsAsItWas();
    }

    /** Neither is a device made in the volume, nor is its owner changed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noDeviceIsMadeInAVolumeThatALinkLedToDev(boolean user) throws IOException {
        Bundle bundle = owned(bundle(user, "/data").link("data", "/dev/net"))
                .with("/linux/devices", TUN.formatted("/dev/net/tun"));

        run(bundle)
                .failsWith(
                        "config.json#/linux/devices/0: ",
                        "/dev/net/tun",
                        ", which has to be in what is mounted there: no such file or directory");
        theVolumeIsAsItWas();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/tun", "/data/deeper/tun"})
    void noDeviceIsMadeInAVolumeBehindALink(String path) throws IOException {
        Bundle bundle = bundle(false, "/volume").link("data", "/volume").with("/linux/devices", TUN.formatted(path));

        run(bundle)
                .failsWith(
                        "config.json#/linux/devices/0: ",
                        path,
                        ", which has to be in what is mounted there: no such file or directory");
        theVolumeIsAsItWas();
    }

    @Test
    void noDeviceIsMountedInAVolumeBehindALink() throws IOException {
        Bundle bundle = owned(bundle(true, "/volume").link("data", "/volume"))
                .with("/linux/devices", "[{\"type\": \"c\", \"path\": \"/data/null\", \"major\": 1, \"minor\": 3}]");

        run(bundle).failsWith("config.json#/linux/devices/0: ", "/data/null");
        theVolumeIsAsItWas();
    }

    /** Whoever names a volume and a device in it means it. */
    @Test
    void aDeviceIsMadeInAVolumeThatTheConfigurationNames() throws IOException {
        Bundle bundle = bundle(false, "/dev/net")
                .with("/linux/devices", TUN.formatted("/dev/net/tun"))
                .runsScript("stat -c '%F %t:%T %u:%g' /dev/net/tun");

        assertEquals("character special file a:c8 5:6\n", run(bundle).succeeds().output());
        assertTrue(Files.exists(volume.resolve("tun")));

        Bundle linked = bundle(false, "/data")
                .link("data", "place/of/the/volume")
                .with("/linux/devices", TUN.formatted("/data/deeper/tun"))
                .runsScript("stat -c '%F %t:%T %u:%g' /place/of/the/volume/deeper/tun");
        assertEquals("character special file a:c8 5:6\n", run(linked).succeeds().output());
        assertTrue(Files.exists(volume.resolve("deeper/tun")));
    }

    /** What is made must be what the container sees, or it is an error. */
    @Test
    void aDeviceIsNotHiddenByWhatALinkLedOverIt() throws IOException {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .link("data", "/run")
                .with("/mounts/-", "{\"destination\": \"/run\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/data\", \"source\": \"%s\", \"options\": [\"bind\"]}".formatted(volume))
                .with("/linux/devices", TUN.formatted("/run/tun"));

        run(bundle).failsWith("config.json#/linux/devices/0: ", "/run/tun", "no such file or directory");
        theVolumeIsAsItWas();
    }

    @Test
    void aLinkInAVolumeLeadsNoDeviceElsewhere() throws IOException {
        Files.createSymbolicLink(volume.resolve("sub"), Path.of("/etc"));
        Bundle bundle = bundle(false, "/data").with("/linux/devices", TUN.formatted("/data/sub/tun"));

        run(bundle)
                .failsWith(
                        "config.json#/linux/devices/0: ",
                        "which must be a directory and no link: too many levels of symbolic links");
        assertFalse(Files.exists(bundle.rootfs().resolve("etc/tun")));
    }

    /** Images of old releases of Debian and Ubuntu have it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkToWhatIsInDevTakesAVolume(boolean user) throws IOException {
        Bundle bundle = owned(bundle(user, "/run/shm")
                .file("run/file", "rw-r--r--", "")
                .link("run/shm", "/dev/shm")
                .runsScript("ls /run/shm /dev/shm; readlink /dev/ptmx; ls /dev/null"));

        assertEquals(
                "/dev/shm:\nptmx\n\n/run/shm:\nptmx\npts/ptmx\n/dev/null\n",
                run(bundle).succeeds().output());
        theVolumeIsAsItWas();
    }

    @Test
    void aLinkInDevTakesATmpfs() {
        Bundle bundle = sandbox.bundle().link("dev/shm", "/run/shm").runsScript("grep -c ' /run/shm ' /proc/mounts");
        com.fasterxml.jackson.databind.node.ArrayNode mounts =
                (com.fasterxml.jackson.databind.node.ArrayNode) bundle.config().get("mounts");
        mounts.remove(1);
        bundle.withConfig(bundle.config().toString());

        assertEquals("1\n", run(bundle).succeeds().output());
    }

    @ParameterizedTest
    @CsvSource({"/var/run/mine, var/run, /run", "/var/lock, var/lock, /run/lock", "/lib/mine, lib, usr/lib"})
    void linksOfUsualImagesTakeVolumes(String destination, String link, String target) throws IOException {
        Bundle bundle = bundle(false, destination);
        Files.createDirectories(bundle.rootfs().resolve(link).getParent());
        bundle.link(link, target).runsScript("ls " + destination);

        assertEquals("ptmx\n", run(bundle).succeeds().output());
    }

    @ParameterizedTest
    @CsvSource({
        "/sys, /sys",
        "sys, /sys",
        "/sys/firmware, /sys",
        "../sys/kernel/missing/too, /sys",
        "/proc, /proc",
        "/proc/self/attr, /proc",
    })
    void aLinkIntoAFileSystemOfTheKernelTakesNothing(String target, String into) throws IOException {
        for (String mount : List.of(
                "\"type\": \"bind\", \"source\": \"%s\", \"options\": [\"bind\"]".formatted(volume),
                "\"type\": \"tmpfs\", \"source\": \"tmpfs\"",
                "\"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"tmpcopyup\"]")) {
            Bundle bundle = sandbox.bundle()
                    .link("data", target)
                    .with("/mounts/-", "{\"destination\": \"/data\", %s}".formatted(mount));

            Execution run = run(bundle);
            if (target.contains("missing")) {
                run.failsWith("config.json#/mounts/7: mount ");
            } else {
                run.failsWith("config.json#/mounts/7: mount ", "the destination is a link into " + into);
            }
        }
        theVolumeIsAsItWas();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sys", "/proc/sys", "/proc", "/volume"})
    void aLinkLeadsNoRemountElsewhere(String target) {
        String remount = "{\"destination\": \"/data\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [%s]}";
        Bundle bundle = bundle(false, "/volume", "ro").link("data", target);
        run(bundle.with("/mounts/-", remount.formatted("\"remount\", \"bind\", \"rw\"")))
                .failsWith("config.json#/mounts/8: ", "/data", "too many levels of symbolic links");
        run(bundle.with("/mounts/8", remount.formatted("\"remount\", \"rw\"")))
                .failsWith("config.json#/mounts/8: ", "/data: no mount before has this destination");
    }

    @Test
    void whatIsMountedBehindALinkIsRemountedUnderTheSameName() {
        Bundle bundle = bundle(false, "/data")
                .link("data", "/place")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/data/\", \"source\": \"x\", \"options\": [\"remount\", \"bind\", \"ro\"]}")
                .runsScript("touch /place/file 2>/dev/null || echo read-only");

        assertEquals("read-only\n", run(bundle).succeeds().output());
    }

    /** The kernel's own /dev, which is the host's wherever it is mounted. */
    @Test
    void aDevThatTheRootFileSystemBringsAlongIsLeftAsItIs() throws IOException {
        Bundle bundle = withoutMountsInDev(sandbox.bundle()).with("/root/readonly", "false");
        Path dev = bundle.rootfs().resolve("dev");
        Programs.run("mount", "--bind", volume.toString(), dev.toString());
        try {
            assertEquals("ptmx\n", run(bundle.runsScript("ls /dev")).succeeds().output());
            theVolumeIsAsItWas();

            run(bundle.with("/linux/devices", TUN.formatted("/dev/tun")))
                    .failsWith("config.json#/linux/devices/0: ", "/dev/tun", "no such file or directory");
            theVolumeIsAsItWas();

            Programs.run("mknod", volume.resolve("tun").toString(), "c", "10", "200");
            assertEquals(
                    "ptmx\ntun\n", run(bundle.runsScript("ls /dev")).succeeds().output());
        } finally {
            Programs.run("umount", dev.toString());
        }
    }

    /** Somebody else whose mount namespace has nothing mounted there can rename it at any time. */
    @ParameterizedTest
    @ValueSource(strings = {"proc", "sys"})
    void masksFollowWhatIsRenamed(String name) throws IOException {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .with("/linux/maskedPaths", "[\"/proc/timer_list\", \"/sys/kernel\", \"/proc/acpi\"]")
                .with("/linux/readonlyPaths", "[\"/proc/sys\", \"/sys/class\"]")
                .runsScript("""
                        grep -E ' /(proc|sys|elsewhere)/(timer_list|kernel|sys|class) ' /proc/self/mountinfo /elsewhere/self/mountinfo \
                            2> /dev/null | cut -d ' ' -f 5 | sort""");
        renamesWhileItIsMade(bundle, name);

        String proc = name.equals("proc") ? "/elsewhere" : "/proc";
        String sys = name.equals("sys") ? "/elsewhere" : "/sys";
        assertEquals(
                Stream.of(proc + "/timer_list", proc + "/sys", sys + "/kernel", sys + "/class")
                        .sorted()
                        .toList(),
                run(bundle).succeeds().output().lines().toList());
    }

    /** What was masked is then what nobody sees. */
    @ParameterizedTest
    @ValueSource(strings = {"/b", "/blink"})
    void masksCoverWhatHidesAFileSystemOfTheKernel(String destination) throws IOException {
        Files.createDirectories(volume.resolve("sys/firmware"));
        Files.writeString(volume.resolve("sys/firmware/secret"), "secret");
        Files.createDirectories(volume.resolve("sys/fixed"));
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .link("blink", "/b")
                .with("/mounts/-", "{\"destination\": \"/b/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\"}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"%s\", \"source\": \"%s\", \"options\": [\"rbind\"]}"
                                .formatted(destination, volume))
                .with("/linux/maskedPaths", "[\"/b/sys/firmware\"]")
                .with("/linux/readonlyPaths", "[\"/b/sys/fixed\"]")
                .runsScript("ls -A /b/sys/firmware; touch /b/sys/fixed/x 2> /dev/null || echo read-only");

        assertEquals("read-only\n", run(bundle).succeeds().output());
    }

    /** Behind a link, ".." leads to where the link does not come from. */
    @Test
    void masksAreNotTakenForOneAnotherByTheirText() throws IOException {
        Files.createDirectories(volume.resolve("x"));
        for (String name : List.of("secret", "fixed")) {
            Files.writeString(volume.resolve(name), "of the volume");
        }
        Bundle bundle = bundle(false, "/v2")
                .link("lnk", "/v2/x")
                .file("secret", "rw-r--r--", "of the image")
                .file("fixed", "rw-r--r--", "of the image")
                .with("/linux/maskedPaths", "[\"/secret\", \"/lnk/../secret\", \"/lnk/../ptmx/\"]")
                .with("/linux/readonlyPaths", "[\"/fixed\", \"/lnk/../fixed\"]")
                .runsScript("""
                        cat /secret /v2/secret /v2/ptmx
                        for file in /fixed /v2/fixed; do (echo x > $file) 2> /dev/null || echo read-only; done""");

        assertEquals("read-only\nread-only\n", run(bundle).succeeds().output());
    }

    private void renamesWhileItIsMade(Bundle bundle, String name) throws IOException {
        Path hook = directory.resolve("rename");
        Files.writeString(hook, """
                #!/bin/sh
                cat > /dev/null
                cd %s && mv %s elsewhere && mkdir %s
                """.formatted(bundle.rootfs(), name, name));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        bundle.with("/hooks", "{\"createRuntime\": [{\"path\": \"%s\"}]}".formatted(hook));
    }
}
