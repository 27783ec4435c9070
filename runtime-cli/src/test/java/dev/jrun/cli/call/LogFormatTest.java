// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Lines as logrus writes them. */
class LogFormatTest {

    private static final Instant TIME = Instant.parse("2026-11-20T22:34:15.123456789Z");

    @Test
    void text() {
        assertEquals(
                "time=\"2026-11-20T22:34:15Z\" level=error msg=\"no \\\"x\\\"\\n\"\n",
                LogFormat.TEXT.line("error", "no \"x\"\n", TIME));
    }

    @Test
    void json() {
        assertEquals(
                "{\"level\":\"error\",\"msg\":\"no \\\"x\\\"\\n\",\"time\":\"2026-11-20T22:34:15Z\"}\n",
                LogFormat.JSON.line("error", "no \"x\"\n", TIME));
    }
}
