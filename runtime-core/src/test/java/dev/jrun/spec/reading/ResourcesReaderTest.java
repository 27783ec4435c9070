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

    private static Reading<Resources> read(String json) {
        return ResourcesReader.read(json.getBytes(UTF_8));
    }

    private static List<DeviceRule> devices(String json) {
        return read("{\"devices\": " + json + "}").value().orElseThrow().devices();
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
        Reading<Resources> reading = read(json);
        assertEquals(List.of(), reading.problems());
        assertEquals(List.of(), reading.warnings());
        Resources resources = reading.value().orElseThrow();
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
                List.of(DeviceRule.Type.BLOCK, DeviceRule.Type.CHARACTER),
                types("[{\"allow\": false, \"type\": \"b\", \"access\": \"rwm\"},"
                        + " {\"allow\": false, \"access\": \"rwm\"},"
                        + " {\"allow\": true, \"type\": \"c\", \"major\": 1, \"access\": \"rwm\"}]"));
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
        assertEquals(Resources.NONE, read("{}").value().orElseThrow());
    }
}
