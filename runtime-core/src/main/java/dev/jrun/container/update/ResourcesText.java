// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.launch.DocumentReading;
import dev.jrun.spec.Problem;
import java.util.List;
import java.util.Map;

/**
 * Words problems with limits for their caller. The code that applies them uses their names in a configuration, which
 * this caller has not written.
 */
final class ResourcesText {

    private static final String RESOURCES = "/linux/resources";
    private static final String RESOURCE_CONTROL = "/linux/intelRdt";

    private final String document;
    private final Map<String, String> options;

    private ResourcesText(String document, Map<String, String> options) {
        this.document = document;
        this.options = options;
    }

    static ResourcesText of(AskedResources asked) {
        if (asked instanceof AskedResources.OnCommandLine options) {
            return new ResourcesText("", options.options());
        }
        return new ResourcesText(DocumentReading.inWords(((AskedResources.Document) asked).name()), Map.of());
    }

    /** What is wrong with a part of the document, by its pointer there. */
    String line(Problem problem) {
        String option = options.getOrDefault(problem.pointer(), "");
        return option.isEmpty()
                ? problem.in(document)
                : new Problem("", problem.found(), problem.message(), problem.suggestion()).in(option);
    }

    String lines(List<Problem> problems) {
        return Problem.lines(problems, this::line);
    }

    /** What could not be applied. */
    CgroupException of(CgroupException error) {
        String place = place(error.pointer());
        return place.isEmpty() ? error : new CgroupException(place + ": " + error.reason(), error);
    }

    private String place(String pointer) {
        if (pointer.startsWith(RESOURCE_CONTROL)) {
            return "--l3-cache-schema, --mem-bw-schema";
        }
        if (!pointer.startsWith(RESOURCES + "/")) {
            return "";
        }
        String here = pointer.substring(RESOURCES.length());
        return document.isEmpty() ? options.getOrDefault(here, here) : document + "#" + here;
    }
}
