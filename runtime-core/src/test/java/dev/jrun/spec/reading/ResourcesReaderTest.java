// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.Problem;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesReaderTest {

    private static Reading<AskedLimits> read(String json) {
        return ResourcesReader.read(json.getBytes(UTF_8));
    }

    private static List<DeviceRule> devices(String json) {
        return read("{\"devices\": " + json + "}")
                .value()
                .orElseThrow()
                .resources()
                .devices();
    }

    /** What Podman, Docker, and containerd with CRI have written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}],\"memory\":{\"limit\":33554432,\"swap\":33554432},"
                        + "\"cpu\":{\"shares\":300,\"quota\":20000,\"period\":100000},\"pids\":{\"limit\":20}}",
                "{\"memory\":{\"limit\":33554432},\"cpu\":{\"shares\":300,\"quota\":20000,\"period\":100000},"
                        + "\"pids\":{\"limit\":20}}",
                "{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}],\"memory\":{\"limit\":33554432,\"swap\":33554432},"
                        + "\"cpu\":{\"shares\":256,\"quota\":20000,\"period\":100000}}"
            })
    void whatClientsWriteSaysNothingOfDevices(String json) {
        Reading<AskedLimits> reading = read(json);
        assertEquals(List.of(), reading.problems());
        assertEquals(List.of(), reading.warnings());
        Resources resources = reading.value().orElseThrow().resources();
        assertEquals(List.of(), resources.devices());
        assertEquals(OptionalLong.of(33554432), resources.memory().limit());
        assertEquals(OptionalLong.of(20000), resources.cpu().quota());
    }

    @Test
    void onlyTheRuleThatClientsBeginWithSaysNothing() {
        assertEquals(List.of(), devices("[{\"allow\": false, \"access\": \"rwm\"}]"));
        assertEquals(List.of(DeviceRule.Type.ALL), types("[{\"allow\": false, \"type\": \"a\", \"access\": \"rwm\"}]"));
        assertEquals(List.of(DeviceRule.Type.ALL), types("[{\"allow\": true, \"access\": \"rwm\"}]"));
        assertEquals(
                List.of(DeviceRule.Type.BLOCK, DeviceRule.Type.ALL, DeviceRule.Type.CHARACTER),
                types("[{\"allow\": false, \"type\": \"b\", \"access\": \"rwm\"},"
                        + " {\"allow\": false, \"access\": \"rwm\"},"
                        + " {\"allow\": true, \"type\": \"c\", \"major\": 1, \"access\": \"rwm\"}]"));
    }

    /** A rule for all devices does not open or close them all to who has meant one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"allow\": true, \"major\": 10, \"minor\": 230, \"access\": \"r\"}",
                "{\"allow\": false, \"major\": 10, \"minor\": 230, \"access\": \"rwm\"}",
                "{\"allow\": true, \"major\": 10, \"access\": \"rwm\"}",
                "{\"allow\": true, \"minor\": 10, \"access\": \"rwm\"}",
                "{\"allow\": false, \"access\": \"rw\"}",
                "{\"allow\": true, \"access\": \"rw\"}",
            })
    void aRuleForOneDeviceHasAType(String rule) {
        assertEquals(
                List.of(untyped(0, "nothing")),
                read("{\"devices\": [" + rule + "]}").problems());
        assertEquals(
                List.of(untyped(1, "\"a\"")),
                read("{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}," + rule.replace("{", "{\"type\": \"a\", ")
                                + "]}")
                        .problems());
    }

    private static Problem untyped(int index, String found) {
        return new Problem(
                "/devices/" + index + "/type",
                found,
                "required: b or c, since the rule has major, minor or less access than rwm, and one of type a,"
                        + " or without a type, is for all devices and all access",
                Optional.empty());
    }

    @Test
    void rulesKeepTheirIndices() {
        String device = "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"access\": \"rwm\"}";
        assertEquals(0, firstRule("[" + device + "]"));
        assertEquals(1, firstRule("[{\"allow\": false, \"access\": \"rwm\"}, " + device + "]"));
        assertEquals(0, firstRule("[{\"allow\": true, \"major\": -1, \"minor\": -1, \"access\": \"mrw\"}]"));
    }

    private static int firstRule(String devices) {
        return read("{\"devices\": " + devices + "}").value().orElseThrow().firstRule();
    }

    private static List<DeviceRule.Type> types(String json) {
        return devices(json).stream().map(DeviceRule::type).toList();
    }

    @Test
    void problemsHavePointersIntoTheDocument() {
        assertEquals(
                List.of(
                        new Problem("/devices/0/access", "nothing", "required: a string", Optional.empty()),
                        new Problem(
                                "/memory/swap",
                                "5",
                                "allowed: -1, or at least the limit, since it limits memory and swap together",
                                Optional.empty()),
                        new Problem("/cpu/cpus", "\"x\"", problem("{\"cpu\": {\"cpus\": \"x\"}}"), Optional.empty())),
                read("{\"devices\": [{\"allow\": true}], \"memory\": {\"limit\": 6, \"swap\": 5}, \"cpu\": {\"cpus\": \"x\"}}")
                        .problems());
        assertEquals(1, read("{\"devices\": 7}").problems().size());
        assertTrue(read("[]").value().isEmpty());
    }

    private static String problem(String json) {
        return read(json).problems().getFirst().message();
    }

    @Test
    void anEmptyObjectAsksForNothing() {
        assertEquals(new AskedLimits(Resources.NONE, 0), read("{}").value().orElseThrow());
    }
}
