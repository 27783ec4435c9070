// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.limits;

import dev.jrun.json.JsonReader;
import dev.jrun.json.JsonWriter;
import dev.jrun.json.MalformedJsonException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@link UpdatedLimits} as JSON: a member of a container's record. */
public final class UpdatedLimitsFormat {

    public static final String NAME = "updated";

    private UpdatedLimitsFormat() {}

    public static void write(JsonWriter json, UpdatedLimits limits) {
        if (limits.memoryAndSwap().isEmpty() && limits.devices().isEmpty()) {
            return;
        }
        json.name(NAME).beginObject();
        if (limits.memoryAndSwap().isPresent()) {
            json.name("memoryAndSwap").value(limits.memoryAndSwap().getAsLong());
        }
        if (limits.devices().isPresent()) {
            json.name("devices").beginArray();
            for (DeviceRule rule : limits.devices().get()) {
                writeRule(json, rule);
            }
            json.endArray();
        }
        json.endObject();
    }

    private static void writeRule(JsonWriter json, DeviceRule rule) {
        json.beginObject();
        json.name("allow").value(rule.allow());
        json.name("type").value(rule.type().specName());
        if (rule.major().isPresent()) {
            json.name("major").value(rule.major().getAsLong());
        }
        if (rule.minor().isPresent()) {
            json.name("minor").value(rule.minor().getAsLong());
        }
        json.name("access").value(rule.access());
        json.endObject();
    }

    public static UpdatedLimits read(JsonReader json) throws MalformedJsonException {
        OptionalLong memoryAndSwap = OptionalLong.empty();
        Optional<List<DeviceRule>> devices = Optional.empty();
        while (json.nextMember()) {
            switch (json.name()) {
                case "memoryAndSwap" -> memoryAndSwap = OptionalLong.of(json.number());
                case "devices" -> devices = Optional.of(rules(json));
                default -> json.skip();
            }
        }
        return new UpdatedLimits(memoryAndSwap, devices);
    }

    private static List<DeviceRule> rules(JsonReader json) throws MalformedJsonException {
        List<DeviceRule> rules = new ArrayList<>();
        while (json.nextObject()) {
            rules.add(rule(json));
        }
        return rules;
    }

    private static DeviceRule rule(JsonReader json) throws MalformedJsonException {
        boolean allow = false;
        DeviceRule.Type type = DeviceRule.Type.ALL;
        OptionalLong major = OptionalLong.empty();
        OptionalLong minor = OptionalLong.empty();
        String access = "";
        while (json.nextMember()) {
            switch (json.name()) {
                case "allow" -> allow = json.truth();
                case "type" -> type = type(json.text());
                case "major" -> major = OptionalLong.of(json.number());
                case "minor" -> minor = OptionalLong.of(json.number());
                case "access" -> access = json.text();
                default -> json.skip();
            }
        }
        return new DeviceRule(allow, type, major, minor, access);
    }

    private static DeviceRule.Type type(String name) {
        for (DeviceRule.Type type : DeviceRule.Type.values()) {
            if (type.specName().equals(name)) {
                return type;
            }
        }
        throw new IllegalStateException("\"" + name + "\" is no type of devices");
    }
}
