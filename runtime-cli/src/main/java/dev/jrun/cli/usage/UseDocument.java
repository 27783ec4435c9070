// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.json.JsonWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How a container uses the machine, as JSON; what is not known or not limited is {@code null}. */
final class UseDocument {

    private final JsonWriter json = JsonWriter.compact();

    private UseDocument() {}

    /** As one line. */
    static String line(Use use) {
        return new UseDocument().write(use);
    }

    private String write(Use use) {
        json.beginObject();
        json.name("id").value(use.id());
        json.name("status").value(use.now().status().specName());
        number("cpuPercent", use.cpuPercent());
        json.name("memory").beginObject();
        number("used", use.now().memory());
        number("limit", use.now().memoryLimit());
        json.endObject();
        json.name("pids").beginObject();
        number("current", use.now().pids());
        number("limit", use.now().pidsLimit());
        json.endObject();
        json.name("io").beginObject();
        number("readPerSecond", use.readRate());
        number("writtenPerSecond", use.writeRate());
        json.name("read").value(use.now().read());
        json.name("written").value(use.now().written());
        json.endObject();
        json.name("stalledPercent").beginObject();
        number("cpu", use.now().cpuStall());
        number("memory", use.now().memoryStall());
        number("io", use.now().ioStall());
        json.endObject();
        return json.endObject() + "\n";
    }

    private void number(String name, OptionalLong number) {
        json.name(name);
        if (number.isPresent()) {
            json.value(number.getAsLong());
        } else {
            json.nothing();
        }
    }

    private void number(String name, OptionalDouble number) {
        json.name(name);
        if (number.isPresent()) {
            json.number(BigDecimal.valueOf(number.getAsDouble())
                    .setScale(2, RoundingMode.HALF_UP)
                    .stripTrailingZeros()
                    .toPlainString());
        } else {
            json.nothing();
        }
    }
}
