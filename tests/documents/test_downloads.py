"""Files of documents as answers to a request."""

from hashlib import sha256

from dialog.documents.downloads import file_response

CONTENT = b"%PDF"
CHECKSUM = sha256(CONTENT).hexdigest()


def test_file_is_sent_with_its_checksum_as_etag(app):
    with app.test_request_context():
        response = file_response(CONTENT, "rapport-v1.pdf", "application/pdf", CHECKSUM)
    assert response.get_etag() == (CHECKSUM, False)
    assert response.data == CONTENT
    assert response.headers["Content-Disposition"] == 'attachment; filename="rapport-v1.pdf"'
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_file_that_the_client_has_is_not_sent_again(app):
    with app.test_request_context(headers={"If-None-Match": f'"{CHECKSUM}"'}):
        response = file_response(CONTENT, "rapport-v1.pdf", "application/pdf", CHECKSUM)
    assert response.status_code == 304


def test_file_is_sent_anew_when_the_client_has_another(app):
    with app.test_request_context(headers={"If-None-Match": '"another"'}):
        response = file_response(CONTENT, "rapport-v1.pdf", "application/pdf", CHECKSUM)
    assert response.status_code == 200
