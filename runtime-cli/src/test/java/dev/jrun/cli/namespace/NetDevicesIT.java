// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.call.BootId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code linux.netDevices}, with devices of a network namespace that stands for the host's. */
class NetDevicesIT extends RealContainers {

    private static HostView.OwnNetwork network;

    @BeforeAll
    static void openNetwork() {
        Programs.need("ip", "unshare", "nsenter");
        network = HostView.OwnNetwork.open();
    }

    @AfterAll
    static void closeNetwork() {
        if (network != null) {
            network.close();
        }
    }

    @Override
    protected HostView view() {
        return network;
    }

    @BeforeEach
    void makeDevices() {
        for (String device : devices()) {
            // The other end of a pair goes with the first.
            Execution.of(new ProcessBuilder(inNetwork("link", "delete", device)));
        }
        ip("link", "add", "net0", "type", "veth", "peer", "name", "peer0");
        ip("link", "add", "net1", "type", "veth", "peer", "name", "peer1");
        ip("address", "add", "192.0.2.1/24", "brd", "+", "dev", "net0");
        ip("address", "add", "169.254.7.1/16", "scope", "link", "dev", "net0");
        ip("address", "add", "10.7.0.1", "peer", "10.7.0.2", "dev", "net1");
        ip("-6", "address", "add", "2001:db8::1/64", "dev", "net0", "nodad");
        ip("link", "set", "net0", "up", "mtu", "1400", "address", "02:00:00:00:00:07");
    }

    private List<String> devices() {
        return ip("-br", "link").lines().stream()
                .map(line -> line.split("[ @]")[0])
                .filter(name -> !name.equals("lo"))
                .toList();
    }

    private Execution ip(String... words) {
        return Programs.run(inNetwork(words));
    }

    private List<String> inNetwork(String... words) {
        List<String> command = new ArrayList<>(network.prefix());
        command.add("ip");
        command.addAll(List.of(words));
        return command;
    }

    /** Name, state and addresses of a device of the host, or nothing if it is not there. */
    private String onHost(String device) {
        return Execution.of(new ProcessBuilder(inNetwork("-br", "address", "show", "dev", device)))
                .output()
                .replaceAll("@\\S+", "")
                .replaceAll(" +", " ")
                .strip();
    }

    private Bundle bundle(String devices) {
        return sandbox.bundle().with("/linux/netDevices", devices);
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    @Test
    void theContainerHasThemAsTheyWereAndUp() {
        Bundle bundle = bundle("{\"net0\": {\"name\": \"inner\"}, \"net1\": {}}")
                .runsScript("ip -o addr | sed 's/ *valid_lft.*//; s/^[0-9]*: //; s/ *\\\\\\\\$//' | grep -v ^lo;"
                        + " ip link show inner; ip route");

        String found = run(bundle).succeeds().output();
        for (String line : List.of(
                "inner    inet 192.0.2.1/24 brd 192.0.2.255 scope global inner",
                "inner    inet6 2001:db8::1/64 scope global",
                "net1    inet 10.7.0.1 peer 10.7.0.2/32 scope global net1",
                "mtu 1400",
                "link/ether 02:00:00:00:00:07",
                ",UP",
                "192.0.2.0/24 dev inner scope link  src 192.0.2.1")) {
            assertTrue(found.contains(line), () -> line + " is not in " + found);
        }
        assertTrue(!found.contains("169.254.7.1"), found);
    }

    @Test
    void theyAreBackWhenTheContainerIsRemoved() {
        String before = onHost("net0");
        Bundle bundle = bundle("{\"net0\": {\"name\": \"inner\"}, \"net1\": {\"name\": \"eth%d\"}}");

        run(bundle.runs("ip", "link", "show", "eth0")).succeeds();
        assertBack(before);

        String id = sandbox.newId();
        bundle.runs("sleep", "1000");
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        assertEquals("", onHost("net0"));
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        assertEquals("", onHost("net0"));
        jrun.call("delete", id).succeeds();
        assertBack(before);

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("delete", "--force", id).succeeds();
        assertBack(before);
    }

    /** The address of link scope is not kept, as the specification says; the others are. */
    private void assertBack(String before) {
        assertEquals(
                before.replace("169.254.7.1/16 ", "").replaceAll(" fe80\\S+", ""),
                onHost("net0").replaceAll(" fe80\\S+", ""));
        assertEquals("net1 DOWN 10.7.0.1 peer 10.7.0.2/32", onHost("net1"));
    }

    @Test
    void whatTheContainerMadeOfThemDoesNotMatter() {
        Bundle bundle = withNetworkAdministration(bundle("{\"net0\": {}, \"net1\": {}}"))
                .runsScript("ip link set net0 down name changed; ip link del net1; ip link");
        String id = sandbox.newId();

        assertTrue(jrun.call("run", "--keep", "--bundle", bundle.path(), id)
                .succeeds()
                .output()
                .contains("changed"));
        assertTrue(onHost("net0").contains("192.0.2.1/24"), onHost("net0"));
        assertEquals("", onHost("net1"));
    }

    /**
     * Makes another net0 with the index of the first, which is free in a new network namespace; in the words of
     * busybox, which cannot ask for an index. %s is its type.
     */
    private static final String EXCHANGE = """
            index() { ip -o link show dev $1 | sed 's/:.*//'; }
            wanted=$(index net0)
            ip link del net0
            i=0
            while [ $i -le $wanted ]; do
              i=$((i + 1))
              ip link add made$i type %s
              if [ $(index made$i) = $wanted ]; then
                ip link set made$i name net0
                echo exchanged
                exit 0
              fi
            done
            exit 1
            """;

    /**
     * Its device can be moved, unlike a bridge, and does not end with the container's namespace, unlike half of a pair.
     */
    private String exchange() {
        for (String type : List.of("dummy", "ifb")) {
            Execution made = Execution.of(new ProcessBuilder(inNetwork("link", "add", "probe", "type", type)));
            if (made.code() == 0) {
                ip("link", "delete", "probe");
                return EXCHANGE.formatted(type);
            }
        }
        Programs.skipUnless(false, "the kernel makes network devices of neither type dummy nor type ifb");
        throw new AssertionError();
    }

    private static Bundle withNetworkAdministration(Bundle bundle) {
        return bundle.with("/process/capabilities/bounding/-", "\"CAP_NET_ADMIN\"")
                .with("/process/capabilities/permitted/-", "\"CAP_NET_ADMIN\"")
                .with("/process/capabilities/effective/-", "\"CAP_NET_ADMIN\"");
    }

    @Test
    void anotherInPlaceOfOneIsNotGivenBackByTheShimThatStays() {
        Bundle bundle = withNetworkAdministration(bundle("{\"net0\": {}, \"net1\": {}}"))
                .runsScript(exchange());

        assertEquals("exchanged\n", run(bundle).succeeds().output());
        assertOnlyTheOtherIsBack();
    }

    @Test
    void anotherInPlaceOfOneIsNotGivenBackByDelete() {
        Bundle bundle = withNetworkAdministration(bundle("{\"net0\": {}, \"net1\": {}}"))
                .runsScript(exchange());
        String id = sandbox.newId();

        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--detach", "--bundle", bundle.path(), id);
        Eventually.isEqual("what it says", "exchanged\n", run::outputSoFar);
        run.await().succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        assertOnlyTheOtherIsBack();
    }

    @Test
    void anotherInPlaceOfOneIsNotGivenBackWhenAHookOfTheContainerFails() {
        Bundle bundle = withNetworkAdministration(bundle("{\"net0\": {}, \"net1\": {}}"))
                .with(
                        "/hooks",
                        "{\"startContainer\": ["
                                + Bundle.hook("exchange", exchange().replace("exit 0", "exit 1")) + "]}")
                .runs("true");

        run(bundle).failsWith("hook /bin/busybox");
        assertOnlyTheOtherIsBack();
    }

    private void assertOnlyTheOtherIsBack() {
        assertEquals("", onHost("net0"));
        assertEquals("net1 DOWN 10.7.0.1 peer 10.7.0.2/32", onHost("net1"));
        assertEquals(List.of("net1", "peer1"), devices().stream().sorted().toList());
    }

    @Test
    void oneWhoseNameIsTakenComesBackUnderAnother() {
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}}").runs("sleep", "1000");
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        ip("link", "add", "net0", "type", "veth", "peer", "name", "other");

        jrun.call("delete", "--force", id).succeeds();

        assertTrue(
                devices().stream().anyMatch(name -> name.matches("dev\\d")),
                () -> devices().toString());
    }

    /**
     * The kernel lets no device into a network namespace in which another has one of its alternative names, whatever
     * its name is to be: so it refuses to give net0 back as long as this device is there.
     */
    private String obstacle() {
        Programs.needKernel("6.6");
        Execution named = Execution.of(
                new ProcessBuilder(inNetwork("link", "property", "add", "dev", "net0", "altname", "first")));
        Programs.skipUnless(named.code() == 0, "ip does not know alternative names");
        // Not busybox's, which a hook's shell would take.
        return "%1$s link add obstacle type veth peer name other && %1$s link property add dev obstacle altname first"
                .formatted(Programs.find("ip").orElseThrow());
    }

    private void assertBackWithoutTheObstacle(String id, String before) {
        ip("link", "delete", "obstacle");
        jrun.call("delete", id).succeeds();
        assertBack(before);
        sandbox.assertNothingIsLeft();
    }

    @Test
    void oneThatTheKernelDoesNotGiveBackToDeleteStaysWithItsContainer() {
        String before = onHost("net0");
        String obstacle = obstacle();
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runs("sleep", "1000");
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        inShell(obstacle);

        jrun.call("delete", "--force", id)
                .failsWith(
                        "config.json#/linux/netDevices/net0: give network device net0 back to the host: file exists",
                        "container " + id + " is kept: delete it again",
                        "nsenter --net=" + jrun.root().resolve(id).resolve("network-namespace"));
        assertEquals("stopped", jrun.status(id));
        assertEquals("net1 DOWN 10.7.0.1 peer 10.7.0.2/32", onHost("net1"), "the other is back");

        assertBackWithoutTheObstacle(id, before);
    }

    @Test
    void oneThatTheKernelDoesNotGiveBackToTheShimStaysWithItsContainer() {
        String before = onHost("net0");
        String obstacle = obstacle();
        String id = sandbox.newId();
        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString());
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runsScript("echo runs; read -r line; exit 3");
        Execution.Started run = jrun.behind("sh", "-c", "exec \"$@\" <> " + fifo, "sh")
                .start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isEqual("what it says", "runs\n", run::outputSoFar);
        inShell(obstacle);
        Programs.run("sh", "-c", "echo > " + fifo);

        Execution ended = run.await();
        assertEquals(3, ended.code(), ended::toString);
        assertTrue(ended.errors().contains("container " + id + " is kept"), ended::toString);
        assertEquals("stopped", jrun.status(id));

        assertBackWithoutTheObstacle(id, before);
    }

    @Test
    void oneThatTheKernelDoesNotGiveBackAfterAFailureStaysWithItsContainer() {
        String before = onHost("net0");
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}")
                .with("/hooks", "{\"createRuntime\": [" + Bundle.hook("obstruct", obstacle() + "; exit 1") + "]}")
                .runs("true");

        jrun.call("create", "--bundle", bundle.path(), id).failsWith("config.json#/hooks/createRuntime/0");
        assertEquals("stopped", jrun.status(id));

        assertBackWithoutTheObstacle(id, before);
    }

    private void inShell(String script) {
        List<String> command = new ArrayList<>(network.prefix());
        command.addAll(List.of("sh", "-c", script));
        Programs.run(command);
    }

    @Test
    void kernelParametersOfThemCanBeSet() {
        Bundle bundle = bundle("{\"net0\": {\"name\": \"eth0.1\"}}")
                .with("/linux/sysctl", "{\"net/ipv4/conf/eth0.1/forwarding\": \"1\"}")
                .runs("cat", "/proc/sys/net/ipv4/conf/eth0.1/forwarding");

        assertEquals("1\n", run(bundle).succeeds().output());
    }

    @Test
    void soItIsInAUserNamespace() {
        String before = onHost("net0");
        Bundle bundle = bundle("{\"net0\": {\"name\": \"inner\"}, \"net1\": {}}")
                .inUserNamespace()
                .runs("ip", "address", "show", "inner");
        assertTrue(run(bundle).succeeds().output().contains("inet 192.0.2.1/24"));
        assertBack(before);
    }

    @Test
    void theNamespaceOfAnotherKeepsThem() {
        try (HostView.OwnNetwork other = HostView.OwnNetwork.open()) {
            Bundle bundle = bundle("{\"net0\": {\"name\": \"inner\"}}")
                    .withoutNamespace("network")
                    .with(
                            "/linux/namespaces/-",
                            "{\"type\": \"network\", \"path\": \"/proc/%d/ns/net\"}"
                                    .formatted(other.holder().pid()))
                    .runs("ip", "address", "show", "inner");

            assertTrue(run(bundle).succeeds().output().contains("inet 192.0.2.1/24"));
            assertEquals("", onHost("net0"));
            List<String> show = new ArrayList<>(other.prefix());
            show.addAll(List.of("ip", "address", "show", "inner"));
            assertTrue(Programs.run(show).output().contains("inet 192.0.2.1/24"));
        }
    }

    /** Nobody is left who could give them back at once. */
    @ParameterizedTest
    @ValueSource(strings = {"create", "run"})
    void theyOutliveALaunchThatIsKilledDuringAHook(String command) {
        for (String signal : List.of("TERM", "KILL")) {
            makeDevices();
            String before = onHost("net0");
            String id = sandbox.newId();
            Path fifo = directory.resolve("fifo-" + signal);
            Path reached = directory.resolve("reached-" + signal);
            Programs.run("mkfifo", fifo.toString());
            Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}")
                    .with(
                            "/hooks",
                            "{\"createRuntime\": ["
                                    + Bundle.hook("wait", "echo > %s; exec cat %s".formatted(reached, fifo)) + "]}")
                    .runs("true");

            Execution.Started launch = jrun.start(Path.of("/dev/null"), command, "--bundle", bundle.path(), id);
            Eventually.isTrue("the hook runs", () -> Files.exists(reached));
            assertEquals("", onHost("net0"));
            Programs.run("kill", "-" + signal, Long.toString(launch.pid()));
            launch.await();
            Programs.run("sh", "-c", ": <> " + fifo);

            jrun.awaitStatus(id, "stopped");
            jrun.call("delete", id).succeeds();
            assertBack(before);
            sandbox.assertNothingIsLeft();
        }
    }

    @Test
    void theyComeBackFromAContainerWhoseSupervisorWasKilled() {
        String before = onHost("net0");
        String id = runAndKillSupervisor();
        jrun.call("delete", "--force", id).succeeds();
        assertBack(before);

        makeDevices();
        id = runAndKillSupervisor();
        jrun.call("kill", id, "KILL");
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        assertBack(before);
    }

    private String runAndKillSupervisor() {
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runsScript("echo runs; exec sleep 1000");
        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isEqual("what it says", "runs\n", run::outputSoFar);
        Programs.run("kill", "-KILL", Long.toString(run.pid()));
        run.await();
        assertEquals("", onHost("net0"));
        return id;
    }

    @Test
    void theyComeBackToWhoDeletesTheContainerFromAnotherMountNamespace() {
        String before = onHost("net0");
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runs("sleep", "1000");
        try (HostView.OwnMounts other = HostView.OwnMounts.open()) {
            OciRuntime there = jrun.behind(other.prefix().toArray(String[]::new));
            there.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();

            jrun.call("delete", "--force", id).succeeds();
            assertBack(before);
        }
    }

    @Test
    void whereTheyCannotBeReachedTheContainerStays() {
        String before = onHost("net0");
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runs("sleep", "1000");
        try (HostView.OwnMounts other = HostView.OwnMounts.open()) {
            OciRuntime there = jrun.behind(other.prefix().toArray(String[]::new));
            there.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
            there.call("kill", id, "KILL").succeeds();
            jrun.awaitStatus(id, "stopped");

            jrun.call("delete", "--force", id).failsWith("delete it from the mount namespace in which it was made");
            assertEquals("stopped", jrun.status(id));
            there.call("delete", id).succeeds();
            assertBack(before);
        }
    }

    /** What is left of a container when the machine starts anew, if it was made completely: files. */
    private String beforeARestart() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runs("true");
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        jrun.awaitStatus(id, "stopped");
        Path state = jrun.root().resolve(id);
        Programs.run("umount", state.resolve("network-namespace").toString());
        for (JsonNode cgroup :
                OciRuntime.json(Files.readString(state.resolve("state.json"))).at("/own/directories")) {
            Files.delete(Path.of(cgroup.get("path").asText()));
        }
        return id;
    }

    /** Changes the state of a container, in which the present start of the machine is called {@code start}. */
    private void record(String id, String start, String... left) throws IOException {
        Path file = jrun.root().resolve(id).resolve("state.json");
        String boot = Files.readString(BootId.FILE).strip();
        ObjectNode state = (ObjectNode) OciRuntime.json(Files.readString(file).replace(boot, start));
        Files.writeString(file, state.without(List.of(left)).toString());
    }

    @Test
    void aRestartOfTheMachineLeavesNothingToBeGivenBack() throws IOException {
        String id = beforeARestart();
        record(id, "an earlier start");
        assertEquals("stopped", jrun.status(id));
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aRestartOfTheMachineLeavesAnIdToBeUsedAgain() throws IOException {
        String id = beforeARestart();
        makeDevices();
        record(id, "an earlier start", "init", "startSteps", "netDevices");
        Bundle bundle = bundle("{\"net0\": {}, \"net1\": {}}").runs("true");
        jrun.call("run", "--bundle", bundle.path(), id).succeeds();
        assertTrue(onHost("net0").startsWith("net0"), onHost("net0"));
        sandbox.assertNothingIsLeft();
    }

    /** Older versions have not said so. */
    @Test
    void whatMayBeOfThisStartOfTheMachineStays() throws IOException {
        String id = beforeARestart();
        record(id, "");
        jrun.call("delete", "--force", id).failsWith("delete it from the mount namespace in which it was made");
        Files.delete(jrun.root().resolve(id).resolve("network-namespace"));
        jrun.call("delete", id).succeeds();
    }

    /** As a launch leaves it whose shim and engine were killed before the devices were recorded. */
    @Test
    void aNamespaceOfWhichNothingIsRecordedIsLeftAlone() throws IOException {
        String id = sandbox.newId();
        Path file = Files.createDirectories(
                        jrun.root().resolve(id),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                .resolve("network-namespace");
        Files.createFile(file);
        Programs.run("mount", "--bind", "/proc/" + network.holder().pid() + "/ns/net", file.toString());
        try {
            Bundle bundle = sandbox.bundle().runs("true");
            for (Execution call :
                    List.of(jrun.call("delete", "--force", id), jrun.call("create", "--bundle", bundle.path(), id))) {
                call.failsWith(file + " keeps a network namespace", "move them back");
            }
            assertEquals(
                    "nsfs",
                    Programs.run("stat", "-f", "-c", "%T", file.toString())
                            .output()
                            .strip());
        } finally {
            Programs.run("umount", file.toString());
            Files.delete(file);
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void whatCannotBeMovedIsSaidAndNothingIsMoved() {
        String before = onHost("net0");
        fails(
                "{\"net0\": {}, \"net7\": {}}",
                "config.json#/linux/netDevices/net7: find network device net7: no such device");
        assertEquals(before, onHost("net0"));
        fails(
                "{\"net0\": {}, \"net1\": {\"name\": \"lo\"}}",
                "/linux/netDevices/net1: move network device net1 into the container as lo: file exists");
        assertBack(before);
        fails(
                "{\"net0\": {}, \"lo\": {\"name\": \"lo1\"}}",
                "move network device lo into the container as lo1: invalid");
        assertBack(before);
        fails("{\"net0\": {\"name\": \"a\"}, \"net1\": {\"name\": \"a\"}}", "allowed: one device of each name");
        run(bundle("{\"net0\": {}}").runs("missing")).failsWith("executable file not found");
        assertBack(before);
    }

    private void fails(String devices, String error) {
        run(bundle(devices).runs("true")).failsWith(error);
        sandbox.assertNothingIsLeft();
    }
}
