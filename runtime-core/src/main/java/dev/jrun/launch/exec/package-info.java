// SPDX-License-Identifier: Apache-2.0
/**
 * How {@code exec} runs another process in a running container. The shim makes a process in the container's cgroup,
 * which joins the container's namespaces and becomes its user while no process of the container can see it. Its child
 * is born into the container's pid namespace, with nothing left of the host, and executes.
 */
package dev.jrun.launch.exec;
