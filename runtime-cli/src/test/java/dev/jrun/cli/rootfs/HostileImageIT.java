// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images that bring something else than directories and devices where the runtime puts its own (CVE-2026-41579,
 * CVE-2026-47766, CVE-2019-19921): whatever it is, nothing is made, changed or removed on the host or in a volume.
 */
class HostileImageIT extends RealContainers {

    private static final String LINK = "which must be a directory and no link: too many levels of symbolic links";

    /** A directory of the host, with what a runtime would remove or take for its own. */
    private Path outside;

    private Path volume;

    @BeforeEach
    void makeDirectories() throws IOException {
        outside = filled("outside");
        volume = filled("volume");
    }

    private Path filled(String name) throws IOException {
        Path made = Files.createDirectory(directory.resolve(name));
        Files.writeString(made.resolve("ptmx"), "not a device");
        return made;
    }

    @AfterEach
    void theHostIsAsItWas() throws IOException {
        for (Path kept : List.of(outside, volume)) {
            try (Stream<Path> files = Files.list(kept)) {
                assertEquals(List.of(kept.resolve("ptmx")), files.toList());
            }
            assertEquals("not a device", Files.readString(kept.resolve("ptmx")));
        }
    }

    /**
     * What a link of the image can say, so that with other runtimes it leads to {@link #outside} or {@link #volume}.
     */
    private static Stream<Arguments> links() {
        return Stream.of(
                        "%s",
                        "../../../../../../../../../../..%s",
                        "etc",
                        "/etc",
                        "volume",
                        "missing",
                        "/missing/too",
                        "proc/self/root",
                        "/proc/self/fd",
                        ".")
                .flatMap(text -> Stream.of(Arguments.of(text, false), Arguments.of(text, true)));
    }

    /** With a root file system that may be written, by a user namespace's root too, and a volume. */
    private Bundle bundle(boolean user) {
        try {
            Bundle bundle = sandbox.bundle().with("/root/readonly", "false");
            Files.createDirectory(bundle.rootfs().resolve("volume"));
            bundle.with(
                    "/mounts/-",
                    "{\"destination\": \"/volume\", \"source\": \"%s\", \"options\": [\"bind\"]}".formatted(volume));
            return user ? bundle.inUserNamespace() : bundle;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A device that is mounted is the host's own file: who might change its mode or owner would do so for everybody.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsMountedOfTheHostsDevicesCannotBeChanged(boolean user) {
        Bundle bundle = bundle(user)
                .with("/linux/maskedPaths", "[\"/proc/timer_list\"]")
                .runsScript("echo written > /proc/timer_list && echo written > /dev/null"
                        + " && grep ' /null /' /proc/self/mountinfo | cut -d ' ' -f 5,6");
        List<String> mounts = run(bundle).succeeds().output().lines().toList();
        assertEquals(user ? 2 : 1, mounts.size(), mounts::toString);
        for (String mount : mounts) {
            assertTrue(mount.contains(" ro,"), mount);
        }
    }

    /** Leaves /dev as the image has it. */
    private static Bundle withoutMountsInDev(Bundle bundle) {
        return bundle.withoutMount("tmpfs").withoutMount("devpts").withoutMount("mqueue");
    }

    private void replace(Bundle bundle, String name, String target) {
        try {
            Files.deleteIfExists(bundle.rootfs().resolve(name));
            Files.createSymbolicLink(bundle.rootfs().resolve(name), Path.of(target.formatted(outside)));
            if (bundle.config().at("/linux/uidMappings").size() > 0) {
                give(bundle);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void give(Bundle bundle) {
        Programs.run(
                "chown",
                "-R",
                "-h",
                Bundle.FIRST_ID + ":" + Bundle.FIRST_ID,
                bundle.rootfs().toString());
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    @ParameterizedTest
    @MethodSource("links")
    void aLinkInPlaceOfDevIsRefused(String target, boolean user) {
        Bundle bundle = bundle(user);
        replace(bundle, "dev", target);

        run(bundle).failsWith("config.json#/mounts/1: mount tmpfs on /dev, " + LINK);
        run(withoutMountsInDev(bundle))
                .failsWith("config.json#/root/path: ", "/dev", "too many levels of symbolic links");
    }

    @ParameterizedTest
    @MethodSource("links")
    void aLinkInPlaceOfDevIsNotMountedOver(String target, boolean user) throws IOException {
        Path devices = Files.createDirectory(directory.resolve("devices"));
        Bundle bundle = bundle(user).with("/mounts/1", """
                        {"destination": "/dev/", "source": "%s", "options": ["bind"]}""".formatted(devices));
        replace(bundle, "dev", target);

        run(bundle).failsWith("config.json#/mounts/1: mount ", "on /dev/, where no link may be: too many levels");
    }

    @ParameterizedTest
    @MethodSource("links")
    void aLinkInPlaceOfProcOrSysIsRefused(String target, boolean user) {
        for (String name : List.of("proc", "sys")) {
            Bundle bundle = bundle(user);
            replace(bundle, name, target);

            run(bundle).failsWith("on /" + name + ", " + LINK);
        }
    }

    @ParameterizedTest
    @MethodSource("links")
    void aLinkInPlaceOfProcOrSysIsNotMountedOver(String target, boolean user) {
        for (String name : List.of("proc", "sys")) {
            Bundle bundle =
                    bundle(user).withoutMount("proc").withoutMount("sysfs").withoutMount("cgroup");
            bundle.with("/mounts", """
                    [{"destination": "/%1$s", "type": "bind", "source": "/%1$s", "options": ["rbind"]}]""".formatted(name));
            replace(bundle, name, target);

            run(bundle).failsWith("config.json#/mounts/0: mount ", "on /" + name + ", where no link may be: too many");
        }
    }

    /** What of it can be read is the host's, and reading /proc/kmsg takes the messages away from the host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/kmsg",
                "/proc/self/mem",
                "/proc/self/environ",
                "/proc/self/root/etc/passwd",
                "/sys/kernel/notes",
                "/sys/kernel",
                "/missing",
                "passwd",
                "%s/ptmx",
                "/dev/tty",
                "/dev/null",
            })
    void aPasswordFileThatLeadsElsewhereSaysNothing(String target) {
        for (boolean user : List.of(false, true)) {
            Bundle bundle = bundle(user).runsScript("echo $HOME");
            replace(bundle, "etc/passwd", target);

            assertEquals("/\n", run(bundle).succeeds().output());
        }
    }

    @ParameterizedTest
    @CsvSource({"mkfifo %s", "mkdir %s", "mknod %s c 5 0", "mknod %s c 1 5"})
    void aPasswordFileThatIsNoFileSaysNothing(String command) throws IOException {
        Bundle bundle = bundle(false).runsScript("echo $HOME");
        Path file = bundle.rootfs().resolve("etc/passwd");
        Files.delete(file);
        Programs.run(command.formatted(file).split(" "));

        assertEquals("/\n", run(bundle).succeeds().output());
    }

    @Test
    void aPasswordFileMayBeAVolumeOrALinkInTheImage() throws IOException {
        Path file = Files.writeString(directory.resolve("passwd"), "root:x:0:0::/of/the/volume:/bin/sh\n");
        Bundle bundle = bundle(false).runsScript("echo $HOME");
        Bundle linked = bundle(false)
                .file("etc/users", "rw-r--r--", "root:x:0:0::/behind:/bin/sh\n")
                .runsScript("echo $HOME");
        replace(linked, "etc/passwd", "../etc/users");

        bundle.with(
                "/mounts/-",
                "{\"destination\": \"/etc/passwd\", \"source\": \"%s\", \"options\": [\"bind\"]}".formatted(file));

        assertEquals("/of/the/volume\n", run(bundle).succeeds().output());
        assertEquals("/behind\n", run(linked).succeeds().output());
    }

    @ParameterizedTest
    @CsvSource({
        "dev, touch, mount tmpfs on /dev",
        "dev, mkfifo, mount tmpfs on /dev",
        "dev, nc -lU, mount tmpfs on /dev",
        "proc, touch, mount proc on /proc",
        "proc, mkfifo, mount proc on /proc",
        "sys, touch, mount sysfs on /sys",
    })
    void anythingElseIsNoDirectory(String name, String command, String step) throws IOException {
        Bundle bundle = bundle(false);
        Path place = bundle.rootfs().resolve(name);
        Files.delete(place);
        if (command.startsWith("nc")) {
            try (var socket = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
                socket.bind(java.net.UnixDomainSocketAddress.of(place));
            }
        } else {
            Programs.run(command, place.toString());
        }

        run(bundle).failsWith(step, "not a directory");
        if (name.equals("dev")) {
            run(withoutMountsInDev(bundle)).failsWith("config.json#/root/path: open /dev", "not a directory");
        }
    }

    /** In a /dev of the image's own, links lead to other places in the image, as everywhere else. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "../../../../../../../../../../../..%s", "/mine", "../mine", "../new/mine"})
    void linksInDevLeadToPlacesInTheImage(String target) throws IOException {
        for (String name : List.of("pts", "shm", "mqueue")) {
            Bundle bundle = bundle(false);
            replace(bundle, "dev/" + name, target);
            removeMount(bundle, "/dev");

            String[] mounted = run(bundle.runsScript(
                            "readlink -f /dev/%s; awk '{print $5}' /proc/self/mountinfo".formatted(name)))
                    .succeeds()
                    .output()
                    .split("\n");

            assertTrue(
                    List.of(mounted).subList(1, mounted.length).contains(mounted[0]), () -> String.join(" ", mounted));
        }
    }

    private static void removeMount(Bundle bundle, String destination) {
        var mounts =
                (com.fasterxml.jackson.databind.node.ArrayNode) bundle.config().at("/mounts");
        for (int i = mounts.size() - 1; i >= 0; i--) {
            if (mounts.get(i).get("destination").asText().equals(destination)) {
                mounts.remove(i);
            }
        }
        bundle.withConfig(bundle.config().toString());
    }

    /** What is masked is covered by the host's null device, whatever the image has in place of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"%s/ptmx", "../etc/passwd", "/missing", "../volume/ptmx", "/proc/self/mem"})
    void aLinkInPlaceOfADeviceStays(String target) {
        Bundle bundle = withoutMountsInDev(bundle(false)).with("/linux/maskedPaths", "[\"/proc/version\"]");
        replace(bundle, "dev/null", target);
        String script = "readlink /dev/null; stat -c '%F %t:%T' /proc/version";

        assertEquals(
                target.formatted(outside) + "\ncharacter special file 1:3\n",
                run(bundle.runsScript(script)).succeeds().output());
    }

    /** A device is mounted there: on what the link leads to, or on something made there. */
    @ParameterizedTest
    @ValueSource(strings = {"%s/ptmx", "../etc/passwd", "../missing", "../volume/ptmx", "../volume/new"})
    void aLinkInPlaceOfADeviceIsRefusedInAUserNamespace(String target) {
        Bundle bundle = withoutMountsInDev(bundle(true));
        replace(bundle, "dev/null", target);

        run(bundle).failsWith("config.json#/root/path: make /dev/null: ", "where no link may be: too many levels");
    }

    @Test
    void theTerminalMultiplexerIsReplacedUnlessItIsADirectory() throws IOException {
        Bundle bundle = withoutMountsInDev(bundle(false)).runsScript("readlink /dev/ptmx");
        replace(bundle, "dev/ptmx", "%s/ptmx");
        assertEquals("pts/ptmx\n", run(bundle).succeeds().output());

        Files.delete(bundle.rootfs().resolve("dev/ptmx"));
        Files.createDirectory(bundle.rootfs().resolve("dev/ptmx"));
        run(bundle).failsWith("config.json#/root/path: link /dev/ptmx to pts/ptmx: is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "../volume", "/volume", "../missing"})
    void aDeviceIsNotMadeBehindALinkInDev(String target) {
        Bundle bundle = withoutMountsInDev(bundle(false)).with("/linux/devices", """
                [{"type": "c", "path": "/dev/net/tun", "major": 10, "minor": 200}]""");
        replace(bundle, "dev/net", target);

        run(bundle).failsWith("config.json#/linux/devices/0: make the character device /dev/net/tun (10:200), " + LINK);
    }
}
