// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.ArrayList;
import java.util.List;

/** Reads the resources that {@code update} is given: a document that is {@code linux.resources} of config.json. */
public final class ResourcesReader {
    private ResourcesReader() {}

    /**
     * Reads resources that are to be those of a container that has some already. Clients begin each list of device rules with one that
     * denies all, and says so by saying nothing of a type; they do so also where they ask for no change of devices. That one is left out.
     *
     * @param document as of {@link ConfigReader#read}
     */
    public static Reading<Resources> read(byte[] document) {
        return Members.read(document, ResourcesReader::resources);
    }

    private static Resources resources(Members json) {
        Resources resources = ResourcesBinding.resources(json);
        return json.failed() || resources.devices().isEmpty()
                ? resources
                : resources.withDevices(asked(resources.devices(), json));
    }

    private static List<DeviceRule> asked(List<DeviceRule> rules, Members json) {
        List<Boolean> say = json.objects("devices", rule -> rule.flag("allow") || rule.has("type"));
        List<DeviceRule> asked = new ArrayList<>(rules.size());
        for (int i = 0; i < rules.size(); i++) {
            if (say.get(i)) {
                asked.add(rules.get(i));
            }
        }
        return asked;
    }
}
