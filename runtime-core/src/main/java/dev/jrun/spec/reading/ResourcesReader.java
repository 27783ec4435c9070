// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;

/** Reads the resources that {@code update} is given: a document that is {@code linux.resources} of config.json. */
public final class ResourcesReader {

    private static final String DEVICES = "devices";
    private static final String TYPE = "type";

    private ResourcesReader() {}

    /**
     * Reads resources that are to be those of a container that has some already. Clients begin each list of device
     * rules with one that denies all, and says so by saying nothing of a type; they do so also where they ask for no
     * change of devices. That one is left out. Any other rule is meant. One for all devices that says which devices, or
     * which access, is refused: at the creation of a container these words have no effect, as with runc, and here they
     * would open all devices to who has left out a type.
     *
     * @param document as of {@link ConfigReader#read}
     */
    public static Reading<AskedLimits> read(byte[] document) {
        return Members.read(document, ResourcesReader::asked);
    }

    private static AskedLimits asked(Members json) {
        Resources resources = ResourcesBinding.resources(json);
        List<DeviceRule> rules = resources.devices();
        if (json.failed() || rules.isEmpty()) {
            return new AskedLimits(resources, 0);
        }
        List<Boolean> typed = json.objects(DEVICES, rule -> rule.has(TYPE));
        for (int i = 0; i < rules.size(); i++) {
            checkIsForAllOrTyped(rules.get(i), typed.get(i), i, json);
        }
        return isClients(rules.getFirst(), typed.getFirst())
                ? new AskedLimits(resources.withDevices(rules.subList(1, rules.size())), 1)
                : new AskedLimits(resources, 0);
    }

    private static void checkIsForAllOrTyped(DeviceRule rule, boolean typed, int index, Members json) {
        if (rule.type() == DeviceRule.Type.ALL && !isForAll(rule)) {
            json.problem(
                    json.at(DEVICES).element(index).member(TYPE),
                    typed ? Json.quoted(rule.type().specName()) : "nothing",
                    "required: b or c, since the rule has major, minor or less access than rwm, and one of type a,"
                            + " or without a type, is for all devices and all access");
        }
    }

    private static boolean isForAll(DeviceRule rule) {
        return rule.major().isEmpty() && rule.minor().isEmpty() && rule.read() && rule.write() && rule.mknod();
    }

    private static boolean isClients(DeviceRule first, boolean typed) {
        return !typed && !first.allow() && isForAll(first);
    }
}
