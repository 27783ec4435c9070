// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.systemd.FakeSystemd.Manner;
import dev.jrun.kernel.call.EffectiveUser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class UnitManagerTest {

    private static final Duration SHORT = Duration.ofMillis(700);
    private static final UnitManager.Limits LIMITS =
            new UnitManager.Limits(SHORT, SHORT, Duration.ofSeconds(2), SHORT, SHORT);

    @TempDir
    private Path directory;

    private FakeSystemd systemd;
    private UnitManager manager;

    @BeforeEach
    void start() throws IOException {
        systemd = new FakeSystemd(socket());
        manager = manager(BusAddress.Kind.BUS, socket());
    }

    @AfterEach
    void end() {
        systemd.close();
    }

    private Path socket() {
        return directory.resolve("socket");
    }

    private static UnitManager manager(BusAddress.Kind kind, Path... sockets) {
        return UnitManager.at(
                List.of(sockets).stream()
                        .map(socket -> new BusAddress(socket, kind, EffectiveUser.uid()))
                        .toList(),
                LIMITS);
    }

    private String begin() throws CgroupException {
        List<UnitProperty> properties = List.of(
                UnitProperty.text("Slice", "a.slice"),
                UnitProperty.pids(4_000_000_000L),
                UnitProperty.number("MemoryMax", UnitProperty.INFINITY),
                UnitProperty.bytes("AllowedCPUs", List.of((byte) 3, (byte) -128)),
                new UnitProperty("DeviceAllow", "a(ss)", List.of(List.of("/dev/null", "rwm"))),
                UnitProperty.truth("Delegate", true));
        return manager.start("x.scope", properties, systemd::hasUnit, path -> false)
                .invocation();
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_ONCE", "SIGNAL_FIRST"})
    void aUnitIsStartedWithItsProperties(Manner manner) throws CgroupException {
        systemd.behave(manner);
        assertEquals("ab01", begin());
        assertEquals("a.slice", systemd.properties.get("Slice"));
        assertEquals(true, systemd.properties.get("Delegate"));
        assertEquals("18446744073709551615", systemd.properties.get("MemoryMax").toString());
        assertEquals(List.of((byte) 3, (byte) -128), systemd.properties.get("AllowedCPUs"));
        assertEquals("[4000000000]", systemd.properties.get("PIDs").toString());
    }

    @Test
    void whatSystemdSaysOfItselfIsAskedOncePerConnection() throws CgroupException {
        assertEquals(new UnitManager.Facts(252, "/"), manager.facts());
        manager.facts();
        assertEquals(2, systemd.calls.stream().filter("Get"::equals).count());
        assertEquals(1, systemd.connections());
    }

    @Test
    void aUnitIsStoppedByItsInvocation() throws CgroupException {
        String invocation = begin();
        manager.stop("x.scope", invocation);
        assertFalse(systemd.hasUnit());
        manager.stop("x.scope", invocation);
    }

    /** The answer to a question that was asked when the connection was lost is found out. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "DIES_AFTER",
                "DIES_BEFORE",
                "DIES_ANSWERED",
                "ABSENT_ONCE",
                "ABSENT_AFTER_ANSWER",
                "SILENT_END",
                "FAILS_ONCE"
            })
    void aLostConnectionOrAnswerLosesNothing(Manner manner) throws CgroupException {
        systemd.behave(manner);
        assertEquals("ab01", begin());
        assertTrue(systemd.hasUnit());
    }

    /** It was asked for before systemd executed itself anew, and begins in the moment in which it is looked at. */
    @Test
    void aUnitThatBeginsLateIsKnownForItsOwn() throws CgroupException {
        systemd.behave(Manner.DIES_AFTER);
        assertEquals(
                "ab01",
                manager.start("x.scope", List.of(), () -> systemd.calls.contains("GetProcesses"), path -> false)
                        .invocation());
    }

    @Test
    void aConnectionThatWasLostBetweenCallsIsMadeAnew() throws CgroupException, IOException {
        String invocation = begin();
        systemd.dropConnections();
        manager.setProperties(invocation, List.of(UnitProperty.number("MemoryMax", 5)));
        assertTrue(systemd.calls.contains("SetProperties"));
        systemd.dropConnections();
        manager.stop("x.scope", invocation);
        assertFalse(systemd.hasUnit());
    }

    @Test
    void aUnitThatIsThereIsNotTouched() {
        systemd.behave(Manner.EXISTS);
        String said = assertThrows(CgroupException.class, this::beginForeign).getMessage();
        assertTrue(said.contains("unit x.scope already exists"), said);
        assertFalse(systemd.calls.contains("Stop"));
        assertFalse(systemd.calls.contains("ResetFailed"));
    }

    /**
     * The name of a container that has ended can be used again: systemd is about to see that nothing is left in the
     * unit.
     */
    @Test
    void aFormerUnitIsWaitedFor() throws CgroupException {
        systemd.behave(Manner.FORMER_ENDS);
        assertEquals("ab01", begin());
        assertFalse(systemd.calls.contains("Stop"));
    }

    @Test
    void aFormerUnitIsNotStoppedAsLongAsItsCgroupIsThere() {
        systemd.behave(Manner.FORMER_STAYS);
        String said = assertThrows(CgroupException.class, this::beginForeign).getMessage();
        assertTrue(said.contains("unit x.scope already exists"), said);
        assertFalse(systemd.calls.contains("Stop"));
    }

    /** No process ever came into it, or somebody has removed its cgroup: it would be there for ever. */
    @Test
    void aFormerUnitThatSystemdHasLostSightOfIsStopped() throws CgroupException {
        systemd.behave(Manner.FORMER_STAYS);
        assertEquals(
                "ab01",
                manager.start("x.scope", List.of(), systemd::hasUnit, path -> path.equals("/a.slice/x.scope"))
                        .invocation());
        assertTrue(systemd.calls.contains("Stop"));
    }

    /** Without an invocation, nobody could tell it from another of that name. */
    @Test
    void aUnitThatHasEndedAlreadyIsNone() {
        systemd.behave(Manner.ENDS_AT_ONCE);
        String said = assertThrows(CgroupException.class, this::begin).getMessage();
        assertTrue(said.contains("systemd has started x.scope, but it has ended already"), said);
    }

    /** Else systemd would start the unit later, with whichever process has the pid by then. */
    @Test
    void aJobThatTakesTooLongIsCancelled() throws CgroupException {
        systemd.behave(Manner.JOB_NEVER_ENDS);
        String said = assertThrows(CgroupException.class, this::begin).getMessage();
        assertTrue(said.contains("systemd has not started x.scope within 2 s"), said);
        assertEquals(1, Collections.frequency(systemd.calls, "Cancel"));

        systemd.behave(Manner.AT_ONCE);
        String invocation = begin();
        systemd.behave(Manner.JOB_NEVER_ENDS);
        said = assertThrows(CgroupException.class, () -> manager.stop("x.scope", invocation))
                .getMessage();
        assertTrue(said.contains("systemd has not stopped x.scope within 2 s"), said);
        assertEquals(2, Collections.frequency(systemd.calls, "Cancel"));
    }

    /** Its pid is another's then, and whatever is in the unit is not the container's. */
    @Test
    void aUnitWhoseProcessHasEndedIsNotTakenForTheContainers() {
        String said = assertThrows(
                        CgroupException.class,
                        () -> manager.start(
                                "x.scope",
                                List.of(),
                                () -> {
                                    throw new CgroupException("the process has ended");
                                },
                                path -> false))
                .getMessage();
        assertEquals("the process has ended", said);
        assertFalse(systemd.calls.contains("Stop"));
    }

    private boolean hasEnded(String invocation, UnitManager.Cgroups cgroups) throws CgroupException {
        return manager.awaitEnd("x.scope", invocation, Duration.ofMillis(50), cgroups);
    }

    @Test
    void theEndOfAUnitIsAwaitedAndNotBroughtAbout() throws CgroupException {
        String invocation = begin();
        assertFalse(hasEnded(invocation, path -> true));
        systemd.end("inactive");
        assertTrue(hasEnded(invocation, path -> true));
        assertFalse(systemd.calls.contains("Stop"));
    }

    /** Else it would stay until somebody says that he has seen it. */
    @Test
    void oneThatEndsAsAFailureIsForgotten() throws CgroupException {
        String invocation = begin();
        systemd.end("failed");
        assertTrue(hasEnded(invocation, path -> false));
        assertTrue(systemd.calls.contains("ResetFailed"));
    }

    /** systemd has not heard of it. As long as the kernel does not let go of the cgroup, something may be in it. */
    @Test
    void aDesertedUnitIsStoppedOnceItsCgroupIsGone() throws CgroupException {
        String invocation = begin();
        systemd.behave(Manner.FORMER_STAYS);
        List<String> asked = new ArrayList<>();
        assertFalse(hasEnded(invocation, path -> !asked.add(path)));
        assertFalse(systemd.calls.contains("Stop"));
        assertTrue(hasEnded(invocation, asked::add));
        assertTrue(systemd.calls.contains("Stop"));
        assertEquals(List.of("/a.slice/x.scope"), asked.stream().distinct().toList());
    }

    @Test
    void anUnknownUnitIsLeftAloneIfAProcessIsInIt() throws CgroupException {
        manager.endUnknown("x.scope", Duration.ZERO, path -> true);
        begin();
        manager.endUnknown("x.scope", Duration.ZERO, path -> true);
        assertTrue(systemd.hasUnit());
        systemd.behave(Manner.FORMER_STAYS);
        manager.endUnknown("x.scope", Duration.ZERO, path -> true);
        assertFalse(systemd.hasUnit());
    }

    @Test
    void whoeverConnectsIsWaitedForByAll() throws InterruptedException {
        systemd.silentHandshake = true;
        long before = System.nanoTime();
        List<Thread> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(Thread.ofPlatform().start(() -> assertThrows(CgroupException.class, manager::facts)));
        }
        for (Thread call : calls) {
            call.join();
        }
        // One after the other, it would be 20 times the limit, at least.
        assertTrue(System.nanoTime() - before < SHORT.toNanos() * 10);
    }

    private void beginForeign() throws CgroupException {
        manager.start("x.scope", List.of(), () -> false, path -> false);
    }

    @Test
    void oneThatHasFailedIsResetAsByOthers() throws CgroupException {
        systemd.behave(Manner.FAILED_EXISTS);
        assertEquals("ab01", begin());
        assertTrue(systemd.calls.contains("ResetFailed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FAILS | systemd could not start x.scope: its job ended as \"failed\"",
                "UNKNOWN_PROPERTY | systemd: start x.scope: said so",
                "HANGS | systemd cannot be asked to start x.scope"
            })
    void aFailureIsSaid(Manner manner, String message) {
        systemd.behave(manner);
        String said = assertThrows(CgroupException.class, this::begin).getMessage();
        assertTrue(said.contains(message), said);
        assertEquals("FAILS".equals(manner.name()), systemd.calls.contains("ResetFailed"));
    }

    /** A bus that is stopped in the middle: neither a call nor the ones after it wait longer than they say. */
    @Test
    void aHungBusCostsABoundedTime() {
        systemd.behave(Manner.HANGS);
        long before = System.nanoTime();
        String said = assertThrows(CgroupException.class, this::begin).getMessage();
        assertTrue(said.contains(socket() + ": no answer within 700 ms"), said);
        systemd.silentHandshake = true;
        assertThrows(CgroupException.class, manager::facts);
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(20).toNanos());
    }

    @Test
    void whereTheBusDoesNotAnswerSystemdItselfIsAsked() throws IOException, CgroupException {
        Path second = directory.resolve("second");
        try (var other = new FakeSystemd(second)) {
            systemd.silentHandshake = true;
            manager = UnitManager.at(
                    List.of(
                            new BusAddress(socket(), BusAddress.Kind.BUS, EffectiveUser.uid()),
                            new BusAddress(second, BusAddress.Kind.MANAGER, EffectiveUser.uid())),
                    LIMITS);
            assertEquals(252, manager.facts().version());
            // It would tell of all that its units do.
            assertTrue(other.calls.contains("Get"));
            manager.facts();
            assertEquals(4, other.calls.size());
            // The one that hangs is not waited for each time.
            assertEquals(1, systemd.connections());
        }
    }

    @Test
    void withoutABusTheErrorSaysWhere() {
        manager = manager(BusAddress.Kind.BUS, directory.resolve("none"), directory.resolve("neither"));
        String said = assertThrows(CgroupException.class, manager::facts).getMessage();
        assertTrue(said.contains(directory.resolve("none") + ": "), said);
        assertTrue(said.contains(directory.resolve("neither") + ": "), said);
    }

    @ParameterizedTest
    @CsvSource({"252.39-1~deb12u1, 252", "v245.4-4ubuntu3, 245", "258~rc1, 258", "256, 256", "unknown, 0"})
    void aVersionBeginsWithANumber(String words, int version) {
        assertEquals(version, Connection.version(words));
    }

    @ParameterizedTest
    @CsvSource({"a-1.scope, a_2d1_2escope", "9a_b, _39a_5fb", "é, _c3_a9"})
    void theObjectOfAUnitIsEscaped(String unit, String object) {
        assertEquals("/org/freedesktop/systemd1/unit/" + object, UnitObject.pathOf(unit));
    }

    /** Root's are the system's, and others' are those of their sessions; pam_systemd(8). */
    @Test
    void eachUserHasABusOfHisOwn() {
        assertEquals(
                List.of(Path.of("/run/dbus/system_bus_socket"), Path.of("/run/systemd/private")),
                BusAddress.of(0).stream().map(BusAddress::socket).toList());
        assertEquals(
                List.of(Path.of("/run/user/1000/bus"), Path.of("/run/user/1000/systemd/private")),
                BusAddress.of(1000).stream().map(BusAddress::socket).toList());
        assertTrue(BusAddress.of(0).getFirst().mayBeOf(0));
        assertFalse(BusAddress.of(0).getFirst().mayBeOf(1000));
        assertTrue(BusAddress.of(1000).getFirst().mayBeOf(1000));
        assertFalse(BusAddress.of(1000).getFirst().mayBeOf(1001));
    }
}
