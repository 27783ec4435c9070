// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import java.util.ArrayList;
import java.util.List;

/** Properties of a unit as text, to be kept: a line for each, with its name and its value in GVariant's text format. */
public final class PropertiesText {

    private PropertiesText() {}

    public static String of(List<UnitProperty> properties) {
        var text = new StringBuilder();
        for (UnitProperty each : properties) {
            text.append(each.name())
                    .append(' ')
                    .append(VariantText.of(each.signature(), each.value()))
                    .append('\n');
        }
        return text.toString();
    }

    /** @throws CgroupException if it is no such text */
    public static List<UnitProperty> parse(String text) throws CgroupException {
        List<UnitProperty> properties = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int space = line.indexOf(' ');
            try {
                VariantText.Typed value = VariantText.parse(line.substring(space + 1));
                properties.add(
                        new UnitProperty(line.substring(0, Math.max(0, space)), value.signature(), value.value()));
            } catch (VariantText.Malformed e) {
                throw new CgroupException("\"" + line + "\" is no property of a unit: " + e.getMessage(), e);
            }
        }
        return properties;
    }
}
