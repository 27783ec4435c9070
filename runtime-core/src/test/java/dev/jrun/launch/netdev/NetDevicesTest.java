// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetDevicesTest {

    private static final String GIVE_BACK = "give network device eth0 back to the host";

    private static LaunchedConfig with(String devices) {
        return LaunchedConfig.byDefault().with("/linux/netDevices", devices);
    }

    @Test
    void theShimStaysInItsNetworkNamespaceToMoveThem() {
        LaunchedConfig config = with("{\"eth0\": {}}");
        assertTrue(config.calls(Syscall.CLONE3).getFirst().contains("CLONE_NEWNET"));
        List<String> lines = config.intent("connect to both network namespaces");
        int opened =
                lines.indexOf("host's network namespace = openat(AT_FDCWD, \"/proc/self/ns/net\", O_RDONLY|O_CLOEXEC)");
        int entered = lines.indexOf("setns(namespace, CLONE_NEWNET)  on ESRCH go to init ended meanwhile");
        int back = lines.indexOf("setns(host's network namespace, CLONE_NEWNET)");
        assertTrue(opened >= 0 && opened < entered && entered < back, lines::toString);
    }

    @Test
    void initWaitsForThemBeforeItSetsKernelParameters() {
        LaunchedConfig config =
                with("{\"eth0\": {}}").with("/linux/sysctl", "{\"net.ipv4.conf.eth0.forwarding\": \"1\"}");
        assertTrue(config.indexOf("wait for the network devices")
                < config.indexOf("mount a procfs to set kernel parameters"));
        assertTrue(config.indexOf("move network device eth0 into the container as eth0")
                < config.indexOf("let init go on with its network devices"));
    }

    @Test
    void aNameThatIsTakenIsFoundOutBeforeTheDeviceIsMoved() {
        List<String> lines =
                with("{\"eth0\": {\"name\": \"net0\"}}").intent("move network device eth0 into the container as net0");
        int refused = lines.indexOf("fail with EEXIST");
        int moved = firstWith(lines, "sendto(netlink of the host");
        assertTrue(refused >= 0 && refused < moved, lines::toString);
    }

    private static int firstWith(List<String> lines, String start) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(start)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void aNamespaceOfTheContainersOwnIsKeptForThem() {
        LaunchedConfig config = with("{\"eth0\": {}}");
        String file = LaunchedConfig.STATE.resolve(NetworkNamespacePin.FILE).toString();
        assertTrue(config.intent("keep the network namespace until the container is deleted").stream()
                .anyMatch(line -> line.contains("\"" + file + "\"") && line.contains("MS_BIND")));
        assertFalse(config.intent(GIVE_BACK).isEmpty());
    }

    @Test
    void aShimThatStaysGivesThemBackItself() {
        LaunchedConfig config = with("{\"eth0\": {}}")
                .with(new Ending.Supervised(Adoption.BY_SHIM, Afterwards.REMOVE, LaunchedConfig.STATE_DIRECTORY));
        assertTrue(config.indexOf("keep the network namespace until the container is deleted")
                < config.indexOf("move network device eth0 into the container as eth0"));
        assertTrue(config.indexOf("supervise init") < config.indexOf(GIVE_BACK));
    }

    @Test
    void withoutThemNothingIsDone() {
        assertEquals(List.of(), LaunchedConfig.byDefault().lines("/linux/netDevices"));
    }

    @Test
    void whichDeviceItIsIsKnownBeforeItGoesBackAndBeforeItGetsItsAddresses() {
        var address = new DeviceAddress("192.0.2.1/24", "00ff");
        List<String> lines = LaunchedConfig.lines(
                NetDeviceReturn.fromPin(
                        LaunchedConfig.STATE, List.of(new MovedDevice("eth0", 7, 9, false, List.of(address)))),
                source -> source.intent().equals(GIVE_BACK) || source.intent().contains("its address"));
        List<String> kinds = lines.stream()
                .filter(line -> line.contains("identity != 9") || line.startsWith("sendto("))
                .map(line ->
                        line.contains("identity") ? "look" : line.replaceAll("sendto\\(netlink of the (\\w+),.*", "$1"))
                .toList();
        // Moved by its name, or by another; found by its name; given its address.
        assertEquals(List.of("look", "container", "container", "host", "look", "host"), kinds, lines::toString);
    }

    /** A record of a version that kept no inode number. */
    @Test
    void whatIsKnownByItsIndexAloneGoesBackAllTheSame() {
        List<String> lines = LaunchedConfig.calls(NetDeviceReturn.fromPin(
                LaunchedConfig.STATE, List.of(new MovedDevice("eth0", 7, 0, false, List.of()))));
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("statx(")), lines::toString);
    }

    /**
     * Their namespace ends with the container that is removed next: what could not be found out must not count as "not
     * there".
     */
    @Test
    void itIsAFailureIfTheirNamespaceCannotBeEntered() {
        var devices = List.of(new MovedDevice("eth0", 7, 9, false, List.of()));
        for (var program : List.of(
                NetDeviceReturn.fromPin(LaunchedConfig.STATE, devices), NetDeviceReturn.fromInit(42, devices))) {
            List<String> lines =
                    LaunchedConfig.lines(program, source -> source.intent().startsWith("connect to both"));
            assertTrue(lines.stream().noneMatch(line -> line.startsWith("on failure")), lines::toString);
            assertEquals(
                    List.of("ESRCH"),
                    lines.stream()
                            .filter(line -> line.endsWith("go to no network namespace"))
                            .map(line -> line.replaceAll(".* on ([A-Z]+) go to .*", "$1"))
                            .toList());
        }
    }
}
