"""The document from which Google's client libraries learn how `comments` is called.

Written here for what this server answers, in the form of https://developers.google.com/discovery/v1/reference/apis.
"""

from __future__ import annotations

from typing import Any

VERSION = "v1alpha1"
NAME = "commentanalyzer"

_STRING: dict[str, Any] = {"type": "string"}
_STRINGS: dict[str, Any] = {"type": "array", "items": _STRING}
_BOOLEAN: dict[str, Any] = {"type": "boolean"}
_INTEGER: dict[str, Any] = {"type": "integer", "format": "int32"}
_NUMBER: dict[str, Any] = {"type": "number", "format": "float"}
_SCORE_TYPE = {"type": "string", "enum": ["SCORE_TYPE_UNSPECIFIED", "PROBABILITY"]}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": name}


def _map(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _schema(name: str, says: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "type": "object", "description": says, "properties": properties}


_SHARED: dict[str, Any] = {"clientToken": _STRING, "sessionId": _STRING, "communityId": _STRING}

_SCHEMAS = (
    _schema(
        "AnalyzeCommentRequest",
        "A comment, and what is asked of it.",
        comment=_ref("TextEntry"),
        context=_ref("Context"),
        requestedAttributes=_map(_ref("AttributeParameters")),
        spanAnnotations=_BOOLEAN,
        languages=_STRINGS,
        doNotStore=_BOOLEAN,
        dropUnsupportedAttributes=_BOOLEAN,
        **_SHARED,
    ),
    _schema(
        "AnalyzeCommentResponse",
        "What the comment scores.",
        attributeScores=_map(_ref("AttributeScores")),
        languages=_STRINGS,
        detectedLanguages=_STRINGS,
        clientToken=_STRING,
    ),
    _schema(
        "SuggestCommentScoreRequest",
        "What a comment should score.",
        comment=_ref("TextEntry"),
        context=_ref("Context"),
        attributeScores=_map(_ref("AttributeScores")),
        languages=_STRINGS,
        doNotStore=_BOOLEAN,
        **_SHARED,
    ),
    _schema(
        "SuggestCommentScoreResponse",
        "What became of it.",
        clientToken=_STRING,
        requestedLanguages=_STRINGS,
        detectedLanguages=_STRINGS,
    ),
    _schema("TextEntry", "A text.", text=_STRING, type=_STRING),
    _schema(
        "Context",
        "What a comment is about or answers: accepted, and not looked at.",
        entries=_list(_ref("TextEntry")),
        articleAndParentComment=_ref("ArticleAndParentComment"),
    ),
    _schema(
        "ArticleAndParentComment",
        "One of the two forms of context.",
        article=_ref("TextEntry"),
        parentComment=_ref("TextEntry"),
    ),
    _schema(
        "AttributeParameters",
        "How an attribute is wanted.",
        scoreType=_SCORE_TYPE,
        scoreThreshold=_NUMBER,
    ),
    _schema(
        "AttributeScores",
        "What an attribute scores.",
        spanScores=_list(_ref("SpanScore")),
        summaryScore=_ref("Score"),
    ),
    _schema(
        "SpanScore",
        "What a part scores: UTF-16 code units from `begin` to before `end`.",
        begin=_INTEGER,
        end=_INTEGER,
        score=_ref("Score"),
    ),
    _schema("Score", "A score from 0 to 1.", value=_NUMBER, type=_SCORE_TYPE),
)


def _method(name: str, message: str, says: str) -> dict[str, Any]:
    path = f"{VERSION}/comments:{name}"
    return {
        "id": f"{NAME}.comments.{name}",
        "path": path,
        "flatPath": path,
        "httpMethod": "POST",
        "description": says,
        "parameters": {},
        "parameterOrder": [],
        "request": _ref(f"{message}Request"),
        "response": _ref(f"{message}Response"),
    }


def discovery_document(root: str) -> dict[str, Any]:
    """The document.

    Args:
        root: where this server is reached.
    """
    root = root.rstrip("/") + "/"
    said = {"location": "query", "type": "string"}
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"{NAME}:{VERSION}",
        "name": NAME,
        "version": VERSION,
        "title": "Comment scores by Seawall",
        "description": "Answers what clients of the Perspective API ask, by the signals of a safety project.",
        "protocol": "rest",
        "rootUrl": root,
        "baseUrl": root,
        "servicePath": "",
        "basePath": "",
        "batchPath": "batch",
        "parameters": {
            "key": {**said, "description": "An API key."},
            "alt": {**said, "default": "json", "enum": ["json"], "description": "The form of the answer."},
            "prettyPrint": {**said, "type": "boolean", "description": "Taken, and without effect."},
            "quotaUser": {**said, "description": "Taken, and without effect."},
            "fields": {**said, "description": "Taken, and without effect: the answer is always whole."},
        },
        "schemas": {schema["id"]: schema for schema in _SCHEMAS},
        "resources": {
            "comments": {
                "methods": {
                    "analyze": _method("analyze", "AnalyzeComment", "Score a comment."),
                    "suggestscore": _method(
                        "suggestscore", "SuggestCommentScore", "Say what a comment should score."
                    ),
                }
            }
        },
    }
