// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.update;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.container.update.AskedResources;
import dev.jrun.json.JsonWriter;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * An option of {@code update} that is one field of {@code linux.resources}. The options for one object are adjacent.
 */
enum LimitOption {
    BLKIO_WEIGHT(
            "blockIO", "weight", Form.NUMBER, "N", "its weight where disks are shared, 10 to 1000", "--blkio-weight"),
    CPU_PERIOD("cpu", "period", Form.NUMBER, "US", "the time in which it may use its quota, in µs", "--cpu-period"),
    CPU_QUOTA("cpu", "quota", Form.NUMBER, "US", "processor time in each period, in µs", "--cpu-quota"),
    CPU_BURST(
            "cpu", "burst", Form.NUMBER, "US", "unused quota that it may save up and use later, in µs", "--cpu-burst"),
    CPU_SHARE(
            "cpu", "shares", Form.NUMBER, "N", "its weight when processors are contended, 2 to 262144", "--cpu-share"),
    CPU_RT_PERIOD(
            "cpu",
            "realtimePeriod",
            Form.NUMBER,
            "US",
            "like --cpu-period, for real-time processes",
            "--cpu-rt-period"),
    CPU_RT_RUNTIME(
            "cpu",
            "realtimeRuntime",
            Form.NUMBER,
            "US",
            "like --cpu-quota, for real-time processes",
            "--cpu-rt-runtime"),
    CPU_IDLE("cpu", "idle", Form.NUMBER, "0|1", "1: run only when processors are idle; 0: run as usual", "--cpu-idle"),
    CPUSET_CPUS("cpu", "cpus", Form.TEXT, "LIST", "processors that it may use, such as 0-3,7", "--cpuset-cpus"),
    CPUSET_MEMS("cpu", "mems", Form.TEXT, "LIST", "memory nodes that it may use", "--cpuset-mems"),
    MEMORY("memory", "limit", Form.SIZE, "SIZE", "memory", "-m", "--memory"),
    MEMORY_RESERVATION(
            "memory",
            "reservation",
            Form.SIZE,
            "SIZE",
            "memory that is reclaimed only as a last resort",
            "--memory-reservation"),
    MEMORY_SWAP("memory", "swap", Form.SIZE, "SIZE", "memory and swap together", "--memory-swap"),
    KERNEL_MEMORY("memory", "kernel", Form.SIZE, "SIZE", "no effect: kernels have no such limit", "--kernel-memory"),
    KERNEL_MEMORY_TCP(
            "memory", "kernelTCP", Form.SIZE, "SIZE", "memory for TCP buffers; cgroup v1 only", "--kernel-memory-tcp"),
    PIDS_LIMIT("pids", "limit", Form.NUMBER, "N", "processes and threads", "--pids-limit");

    /** What its value is. */
    private enum Form {
        NUMBER,
        SIZE,
        TEXT
    }

    private static final Map<String, String> BY_POINTER = byPointer();

    private final String object;
    private final String field;
    private final Form form;
    private final String label;
    private final String description;
    private final String[] names;

    LimitOption(String object, String field, Form form, String label, String description, String... names) {
        this.object = object;
        this.field = field;
        this.form = form;
        this.label = label;
        this.description = description;
        this.names = names;
    }

    static void describe(CommandSpec spec) {
        for (LimitOption option : values()) {
            Options.value(spec, option.label, option.description, option.names);
        }
    }

    private static Map<String, String> byPointer() {
        Map<String, String> options = new LinkedHashMap<>();
        for (LimitOption option : values()) {
            options.put("/" + option.object + "/" + option.field, option.longest());
        }
        return options;
    }

    /** The document that says what the options of a call say. */
    static AskedResources asked(Invocation invocation) throws CommandException {
        JsonWriter json = JsonWriter.compact().beginObject();
        String object = "";
        for (LimitOption option : values()) {
            Optional<String> value = invocation.given(option.longest());
            if (value.isEmpty()) {
                continue;
            }
            if (!option.object.equals(object)) {
                if (!object.isEmpty()) {
                    json.endObject();
                }
                json.name(option.object).beginObject();
                object = option.object;
            }
            option.write(value.get(), json.name(option.field));
        }
        if (!object.isEmpty()) {
            json.endObject();
        }
        return new AskedResources.OnCommandLine(json.endObject().toString(), BY_POINTER);
    }

    String longest() {
        return names[names.length - 1];
    }

    private void write(String value, JsonWriter json) throws CommandException {
        switch (form) {
            case NUMBER -> json.number(number(value));
            case SIZE ->
                json.value(ByteSize.parse(value)
                        .orElseThrow(() -> invalid(value, "a number of bytes, one with k, m, g, t or p, or -1")));
            case TEXT -> json.value(text(value));
        }
    }

    /** In a document, an empty one is as good as none. */
    private String text(String value) throws CommandException {
        if (value.isEmpty()) {
            throw invalid(value, "a list such as 0-3,7");
        }
        return value;
    }

    /** Which numbers are allowed is the document's to say. */
    private String number(String value) throws CommandException {
        if (!value.matches("[+-]?[0-9]{1,40}")) {
            throw invalid(value, "a number");
        }
        return new BigInteger(value).toString();
    }

    private CommandException invalid(String value, String allowed) {
        return CommandException.ofValue(longest(), value, allowed);
    }
}
