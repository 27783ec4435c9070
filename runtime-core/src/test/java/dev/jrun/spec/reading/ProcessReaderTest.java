// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.Fixtures;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import dev.jrun.spec.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProcessReaderTest {
    static List<String> captured() {
        return Fixtures.documents("captured").stream()
                .filter(path -> path.contains("exec-process"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("captured")
    void aProcessOfARealClientHasNoProblems(String path) {
        Reading<Process> reading = ProcessReader.read(Fixtures.bytes(path));
        assertEquals(List.of(), reading.problems());
        assertEquals(List.of(), reading.warnings());
        assertTrue(reading.value().isPresent());
    }

    @Test
    void whatDockerWroteIsRead() {
        Process process = ProcessReader.read(Fixtures.bytes("captured/docker-exec-process-1.json"))
                .value()
                .orElseThrow();
        assertEquals(List.of("id"), process.args());
        assertEquals("/", process.cwd());
        assertEquals(new User(0, 0, OptionalInt.empty(), List.of(0L, 10L)), process.user());
        assertEquals(OptionalInt.of(0), process.oomScoreAdj());
        assertEquals(
                14,
                process.capabilities().orElseThrow().bounding().orElseThrow().size());
        assertEquals(Optional.empty(), process.capabilities().orElseThrow().ambient());
    }

    @Test
    void argumentsAreRequired() {
        Reading<Process> reading = read("{\"cwd\":\"/\"}");
        assertEquals(
                List.of(new Problem(
                        "/args", "nothing", "required: the program to run, and its arguments", Optional.empty())),
                reading.problems());
        assertEquals(Optional.empty(), reading.value());
    }

    @Test
    void aWrongTypeIsReportedOnce() {
        assertEquals(
                List.of("process.json#/args: found \"sh\"; allowed: an array"),
                read("{\"cwd\":\"/\",\"args\":\"sh\"}").problems().stream()
                        .map(problem -> problem.in("process.json"))
                        .toList());
    }

    private static Reading<Process> read(String text) {
        return ProcessReader.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
