// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;

/**
 * Hooks, each list in the order in which it runs.
 *
 * @param prestart deprecated by the specification, but still in use; run in the runtime's namespaces
 * @param createRuntime run in the runtime's namespaces
 * @param createContainer run in the container's namespaces, before pivot_root
 * @param startContainer run in the container
 * @param poststart run in the runtime's namespaces
 * @param poststop run in the runtime's namespaces
 */
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {
    public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public Hooks {
        prestart = List.copyOf(prestart);
        createRuntime = List.copyOf(createRuntime);
        createContainer = List.copyOf(createContainer);
        startContainer = List.copyOf(startContainer);
        poststart = List.copyOf(poststart);
        poststop = List.copyOf(poststop);
    }

    /** Whether there are any. */
    public boolean areAny() {
        return areInRuntimeNamespace() || !createContainer.isEmpty() || !startContainer.isEmpty();
    }

    /** Whether any run in the runtime's namespaces. */
    public boolean areInRuntimeNamespace() {
        return areBeforeContainer() || !poststart.isEmpty() || !poststop.isEmpty();
    }

    /** Whether any run in the runtime's namespaces before the container's root is entered. */
    public boolean areBeforeContainer() {
        return !prestart.isEmpty() || !createRuntime.isEmpty();
    }
}
